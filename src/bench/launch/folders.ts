/** Where a folder of the app lies inside. */
export function folderInside(folder: string): string {
  return folder === '' ? '/app' : `/app/${folder}`
}
