/** Where the groups of a process are, as folders. */
export type Groups =
  | { readonly version: 2; readonly folder: string; readonly mount: string }
  | {
      readonly version: 1
      /** Folder of every controller that is mounted. */
      readonly folders: Readonly<Partial<Record<Controller, string>>>
    }

export const controllers = ['memory', 'pids', 'cpuacct'] as const
export type Controller = (typeof controllers)[number]

interface Mount {
  readonly root: string
  readonly folder: string
  readonly type: string
  readonly options: readonly string[]
}

/**
 * Reads where a process is in the hierarchies of control groups; undefined when none is mounted.
 *
 * @param mounts /proc/self/mountinfo
 * @param memberships /proc/PID/cgroup
 */
export function groupsOf(mounts: string, memberships: string): Groups | undefined {
  const mounted = mounts.split('\n').flatMap(groupMount)
  const paths = new Map(
    memberships.split('\n').flatMap((line) => {
      const [, names, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? []
      return names === undefined || path === undefined ? [] : names.split(',').map((name) => [name, path] as const)
    }),
  )
  const folders: Partial<Record<Controller, string>> = {}
  for (const controller of controllers) {
    const mount = mounted.find(({ type, options }) => type === 'cgroup' && options.includes(controller))
    const path = paths.get(controller)
    if (mount !== undefined && path !== undefined) folders[controller] = inside(mount, path)
  }
  if (Object.keys(folders).length > 0) return { version: 1, folders }

  const unified = mounted.find(({ type }) => type === 'cgroup2')
  const path = paths.get('')
  if (unified === undefined || path === undefined) return undefined
  return { version: 2, folder: inside(unified, path), mount: unified.folder }
}

/** A line of mountinfo: `36 35 98:0 /root /folder rw,… shared:1 - type source options`. */
function groupMount(line: string): Mount[] {
  const [left = '', right = ''] = line.split(' - ')
  const [, , , root = '', folder = ''] = left.split(' ')
  const [type = '', , options = ''] = right.split(' ')
  return type === 'cgroup' || type === 'cgroup2' ? [{ root, folder, type, options: options.split(',') }] : []
}

/** In a container the mount shows only a part of the hierarchy, and paths begin at its top. */
function inside(mount: Mount, path: string): string {
  const below = mount.root !== '/' && path.startsWith(mount.root) ? path.slice(mount.root.length) : path
  return `${mount.folder}${below}`.replace(/\/+$/, '')
}
