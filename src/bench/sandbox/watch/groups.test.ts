import { expect, test } from 'vitest'
import { groupsOf } from './groups.ts'

test('version 1: a folder for every controller, those mounted together included', () => {
  const mounts = [
    '24 30 0:22 / /proc rw,relatime - proc proc rw',
    '31 30 0:27 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory',
    '32 30 0:28 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct',
    '33 30 0:29 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids',
    '34 30 0:30 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw',
  ].join('\n')
  const memberships = '8:pids:/\n4:memory:/user/1\n2:cpu,cpuacct:/\n0::/\n'
  expect(groupsOf(mounts, memberships)).toEqual({
    version: 1,
    folders: {
      memory: '/sys/fs/cgroup/memory/user/1',
      pids: '/sys/fs/cgroup/pids',
      cpuacct: '/sys/fs/cgroup/cpu,cpuacct',
    },
  })
})

test('version 1 in a container: the path begins at the top of what is mounted', () => {
  const mounts = '31 30 0:27 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory'
  expect(groupsOf(mounts, '4:memory:/docker/abc\n')).toEqual({
    version: 1,
    folders: { memory: '/sys/fs/cgroup/memory' },
  })
})

test('version 2', () => {
  const mounts = '31 30 0:27 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate'
  expect(groupsOf(mounts, '0::/user.slice/user-1000.slice/session-2.scope\n')).toEqual({
    version: 2,
    folder: '/sys/fs/cgroup/user.slice/user-1000.slice/session-2.scope',
    mount: '/sys/fs/cgroup',
  })
})

test('no control groups', () => {
  expect(groupsOf('24 30 0:22 / /proc rw - proc proc rw', '')).toBeUndefined()
})
