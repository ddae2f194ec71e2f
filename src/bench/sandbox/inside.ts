/** Where the app's private copy lies. */
export const appFolder = '/app'

/** Folder inside with what is Assay's own, read-only. */
export const ownFolder = '/run/assay'

/** Where Assay's own Node lies inside; first on the PATH as `node`. */
export const nodeInside = `${ownFolder}/bin/node`

/** Where the supervisor's code lies inside. */
export const supervisorInside = `${ownFolder}/supervisor`

/** User and group of everything inside: none that a machine gives to anybody, for in a container it is the one outside too. */
export const userInside = 65_432

/** What every process finds in its environment, unless the request says otherwise. */
export const environmentInside: Readonly<Record<string, string>> = {
  PATH: `${ownFolder}/bin:/usr/local/bin:/usr/bin:/bin`,
  HOME: '/home/app',
  TMPDIR: '/tmp',
  LANG: 'C.UTF-8',
}

/** Files of /etc that programs ask for, with nothing of the machine in them. */
export const etcInside: Readonly<Record<string, string>> = {
  passwd: [
    'root:x:0:0:root:/root:/bin/sh',
    `app:x:${userInside}:${userInside}:app:/home/app:/bin/sh`,
    'nobody:x:65534:65534:nobody:/nonexistent:/bin/false\n',
  ].join('\n'),
  group: ['root:x:0:', `app:x:${userInside}:`, 'nogroup:x:65534:\n'].join('\n'),
  hosts: '127.0.0.1 localhost sandbox\n::1 localhost\n',
  'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n',
}
