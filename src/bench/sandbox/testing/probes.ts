/** Python programs that try to get out of a sandbox. They run nowhere else. */

/** Calls the kernel directly and prints, a line each, the name and what it was told. */
export const systemCalls = `
import ctypes, errno, os, platform, socket
libc = ctypes.CDLL(None, use_errno=True)
place = 0 if platform.machine() == 'x86_64' else 1
def call(name, numbers, *arguments):
    ctypes.set_errno(0)
    result = libc.syscall(numbers[place], *arguments)
    print(name, 'done' if result >= 0 else errno.errorcode.get(ctypes.get_errno(), '?'))
    if name in ('clone', 'unshare') and result == 0: os._exit(0)
call('mount', (165, 40), b'none', b'/tmp', b'tmpfs', 0, 0)
call('umount2', (166, 39), b'/usr', 2)
call('pivot_root', (155, 41), b'/', b'/')
call('chroot', (161, 51), b'/tmp')
call('ptrace', (101, 117), 16, os.getppid(), 0, 0)
call('process_vm_readv', (310, 270), os.getppid(), 0, 0, 0, 0, 0)
call('bpf', (321, 280), 0, 0, 0)
call('keyctl', (250, 219), 0, 0)
call('userfaultfd', (323, 282), 0)
call('perf_event_open', (298, 241), 0, 0, 0, 0, 0)
call('kexec_load', (246, 104), 0, 0, 0, 0)
call('init_module', (175, 105), 0, 0, b'')
call('open_by_handle_at', (304, 265), 0, 0, 0)
call('setns', (308, 268), 0, 0)
call('fsopen', (430, 430), b'tmpfs', 0)
call('pidfd_getfd', (438, 438), 0, 0, 0)
call('io_uring_setup', (425, 425), 1, 0)
call('clone3', (435, 435), 0, 0)
call('unshare', (272, 97), 0x10000000)
call('unshare', (272, 97), 0x00020000)
call('clone', (56, 220), 0x10000011, 0, 0, 0, 0)
for name, number in ('terminal', 0x5412), ('console', 0x541c):
    call(name, (16, 29), 0, number, b'x')
for name, family in ('vsock', 40), ('alg', 38), ('packet', 17):
    try:
        socket.socket(family, socket.SOCK_RAW if family == 17 else socket.SOCK_STREAM if family == 40 else socket.SOCK_SEQPACKET)
        print(name, 'done')
    except OSError as error:
        print(name, errno.errorcode[error.errno])
`

/** What a closed room answers to {@link systemCalls}. */
export const refusals = `mount EPERM
umount2 EPERM
pivot_root EPERM
chroot EPERM
ptrace EPERM
process_vm_readv EPERM
bpf EPERM
keyctl EPERM
userfaultfd EPERM
perf_event_open EPERM
kexec_load EPERM
init_module EPERM
open_by_handle_at EPERM
setns EPERM
fsopen EPERM
pidfd_getfd EPERM
io_uring_setup ENOSYS
clone3 ENOSYS
unshare EPERM
unshare EPERM
clone EPERM
terminal EPERM
console EPERM
vsock EAFNOSUPPORT
alg EAFNOSUPPORT
packet EAFNOSUPPORT
`

/**
 * Tries to read and to write each of its arguments, by every way there may be to them. Prints what could be read that it has
 * not written itself, and what could be written of the kernel's; whether files of the host changed is seen there.
 */
export const hostFiles = `
import os, sys
ways = ['', '/proc/1/root', '/proc/self/root', '/proc/2/root', '/proc/1/cwd/../../../..', '/app/../../../..', '/proc/self/fd/0/../../..']
for path in sys.argv[1:]:
    for way in ways:
        for mode in 'r', 'a':
            try:
                with open(way + path, mode) as file:
                    if mode == 'a': file.write('ESCAPED')
                    elif file.read(7) in ('', 'ESCAPED'): continue
                if mode == 'r' or path.startswith('/proc'): print(mode, way + path)
            except (OSError, UnicodeDecodeError):
                pass
`

/** Starts processes until it may not, then says how many and lets them live on. */
export const forkBomb = `
import os, time
count = 0
try:
    while count < 100000:
        if os.fork() == 0:
            time.sleep(1000)
        count += 1
except OSError as error:
    print(count, error.strerror)
`

/** Takes memory without end, in one process or in many. */
export const memoryBomb = `
import os, sys, time
for _ in range(int(sys.argv[1]) - 1):
    if os.fork() == 0: break
taken = []
while True:
    taken.append(bytearray(b'x' * 5000000))
`

/** Writes memory that belongs to no process: a file without a name. Prints why when it may not. */
export const hiddenMemory = `
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
descriptor = libc.memfd_create(b'hidden', 0)
if descriptor < 0: print(os.strerror(ctypes.get_errno())); raise SystemExit
while True: os.write(descriptor, b'x' * 5000000)
`

/** Opens files until it may not. */
export const descriptorBomb = `
import os
count = 0
try:
    while count < 100000:
        os.open('/dev/null', os.O_RDONLY)
        count += 1
except OSError as error:
    print(count, error.strerror)
`

/** Tries to get at other processes; prints what worked. */
export const otherProcesses = `
import os, sys
for pid in map(int, sys.argv[1:]):
    for signal in 0, 9:
        try:
            os.kill(pid, signal)
            print('signalled', pid)
        except OSError:
            pass
    for name in 'cmdline', 'environ', 'mem', 'maps', 'root', 'cwd':
        try:
            open('/proc/%d/%s' % (pid, name), 'rb').read(1)
            print('read', pid, name)
        except OSError:
            pass
`
