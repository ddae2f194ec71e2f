/** A folder or file of an app, for the tree beside the code. */
export interface TreeNode {
  readonly name: string
  readonly path: string
  readonly folder: boolean
  readonly depth: number
}

interface Folder {
  readonly folders: Map<string, Folder>
  readonly files: string[]
}

/**
 * The rows a tree shows, folders first: what lies in a closed folder is left out. A folder that holds nothing but one
 * folder is written together with it (`src/main/java`).
 */
export const treeRows = (paths: readonly string[], closed: ReadonlySet<string>): TreeNode[] => {
  const root: Folder = { folders: new Map(), files: [] }
  for (const path of paths) {
    const segments = path.split('/')
    segments.pop()
    let folder = root
    for (const segment of segments) {
      const next = folder.folders.get(segment) ?? { folders: new Map(), files: [] }
      folder.folders.set(segment, next)
      folder = next
    }
    folder.files.push(path)
  }
  const rows: TreeNode[] = []
  const visit = (folder: Folder, prefix: string, depth: number) => {
    for (const [name, child] of [...folder.folders].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const [label, inner] = together(name, child)
      const path = prefix === '' ? label : `${prefix}/${label}`
      rows.push({ name: label, path, folder: true, depth })
      if (!closed.has(path)) visit(inner, path, depth + 1)
    }
    for (const path of folder.files.toSorted()) {
      rows.push({ name: path.slice(path.lastIndexOf('/') + 1), path, folder: false, depth })
    }
  }
  visit(root, '', 0)
  return rows
}

const together = (name: string, folder: Folder): [string, Folder] => {
  const only = [...folder.folders]
  const [first] = only
  if (folder.files.length > 0 || only.length !== 1 || !first) return [name, folder]
  return together(`${name}/${first[0]}`, first[1])
}
