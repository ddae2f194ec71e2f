/** Numbers of a system call: on x86-64 and on 64-bit ARM, undefined where it does not exist. */
export type Numbers = readonly [x64: number | undefined, arm64: number | undefined]

/** What a program is told that makes a call it may not. */
export type Refusal = 'EPERM' | 'ENOSYS' | 'EAFNOSUPPORT'

/** A condition on an argument's lower half: one of its bits set, or (not) one of some values. */
export interface Condition {
  readonly argument: number
  readonly is: 'with-bits' | 'one-of' | 'none-of'
  readonly values: readonly number[]
}

export interface RefusedCall {
  readonly name: string
  readonly numbers: Numbers
  readonly refusal: Refusal
  /** Refused only then. */
  readonly when?: Condition
}

/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET (linux/sched.h). */
const newNamespaces = 0x7e020000
/** CLONE_NEWTIME, which clone cannot be asked for. */
const newTime = 0x80

const plain = (refusal: Refusal, calls: readonly (readonly [string, ...Numbers])[]): RefusedCall[] =>
  calls.map(([name, x64, arm64]) => ({ name, numbers: [x64, arm64], refusal }))

/**
 * System calls no app needs and that reach, or have reached, further than namespaces: mounting, looking into other
 * processes, loading code into the kernel, large young interfaces. Numbers: asm/unistd_64.h and asm-generic/unistd.h.
 */
export const refusedCalls: readonly RefusedCall[] = [
  ...plain('EPERM', [
    ['mount', 165, 40],
    ['umount2', 166, 39],
    ['pivot_root', 155, 41],
    ['chroot', 161, 51],
    ['open_tree', 428, 428],
    ['move_mount', 429, 429],
    ['fsopen', 430, 430],
    ['fsconfig', 431, 431],
    ['fsmount', 432, 432],
    ['fspick', 433, 433],
    ['mount_setattr', 442, 442],
    ['quotactl', 179, 60],
    ['quotactl_fd', 443, 443],
    ['swapon', 167, 224],
    ['swapoff', 168, 225],
    ['open_by_handle_at', 304, 265],
    ['name_to_handle_at', 303, 264],
    ['fanotify_init', 300, 262],
    ['setns', 308, 268],
    ['ptrace', 101, 117],
    ['process_vm_readv', 310, 270],
    ['process_vm_writev', 311, 271],
    ['kcmp', 312, 272],
    ['pidfd_getfd', 438, 438],
    ['bpf', 321, 280],
    ['perf_event_open', 298, 241],
    ['userfaultfd', 323, 282],
    ['keyctl', 250, 219],
    ['add_key', 248, 217],
    ['request_key', 249, 218],
    ['kexec_load', 246, 104],
    ['kexec_file_load', 320, 294],
    ['init_module', 175, 105],
    ['finit_module', 313, 273],
    ['delete_module', 176, 106],
    ['reboot', 169, 142],
    ['acct', 163, 89],
    ['syslog', 103, 116],
    ['sethostname', 170, 161],
    ['setdomainname', 171, 162],
    ['settimeofday', 164, 170],
    ['clock_settime', 227, 112],
    ['clock_adjtime', 305, 266],
    ['iopl', 172, undefined],
    ['ioperm', 173, undefined],
    ['modify_ldt', 154, undefined],
    ['uselib', 134, undefined],
    ['lookup_dcookie', 212, 18],
    ['vhangup', 153, 58],
    ['nfsservctl', 180, 42],
    ['memfd_secret', 447, 447],
  ]),
  // Programs go on without these: the C library takes clone, Node takes epoll.
  ...plain('ENOSYS', [
    ['clone3', 435, 435],
    ['io_uring_setup', 425, 425],
    ['io_uring_enter', 426, 426],
    ['io_uring_register', 427, 427],
  ]),
  {
    name: 'clone',
    numbers: [56, 220],
    refusal: 'EPERM',
    when: { argument: 0, is: 'with-bits', values: [newNamespaces] },
  },
  {
    name: 'unshare',
    numbers: [272, 97],
    refusal: 'EPERM',
    when: { argument: 0, is: 'with-bits', values: [newNamespaces | newTime] },
  },
  {
    // Typing into another's terminal: TIOCSTI, TIOCLINUX.
    name: 'ioctl',
    numbers: [16, 29],
    refusal: 'EPERM',
    when: { argument: 1, is: 'one-of', values: [0x5412, 0x541c] },
  },
  {
    // AF_UNIX, AF_INET, AF_INET6, AF_NETLINK. Others, AF_VSOCK for one, know no network namespaces.
    name: 'socket',
    numbers: [41, 198],
    refusal: 'EAFNOSUPPORT',
    when: { argument: 0, is: 'none-of', values: [1, 2, 10, 16] },
  },
]

/** Memory that no process can be charged with: refused where only processes are watched, and no control group counts. */
export const uncountedMemory: readonly RefusedCall[] = plain('ENOSYS', [
  ['memfd_create', 319, 279],
  ['shmget', 29, 194],
])
