/**
 * A persistent map from small whole numbers: setting copies one path, and merging two maps that share structure costs
 * only what differs. The abstract state of every point of a program is one, so branches are free.
 */
export interface IntMap<Value> {
  /** A node of 16 entries at `height` 0 holds values, above it nodes. */
  readonly height: number
  readonly root: Node<Value>
}

type Node<Value> = readonly (Value | Node<Value> | undefined)[]

const bits = 4
const mask = 15
const emptyNode: Node<never> = []
const emptyMap: IntMap<never> = { height: 0, root: emptyNode }

export function emptyIntMap<Value extends object>(): IntMap<Value> {
  return emptyMap
}

export function intMapGet<Value extends object>(map: IntMap<Value>, key: number): Value | undefined {
  if (key >>> ((map.height + 1) * bits) !== 0) return undefined
  let node: Node<Value> | undefined = map.root
  for (let height = map.height; height > 0; height--) {
    node = node?.[(key >>> (height * bits)) & mask] as Node<Value> | undefined
    if (node === undefined) return undefined
  }
  return node?.[key & mask] as Value | undefined
}

/** The map with the key set, or with `undefined` removed; the same map when nothing changes. */
export function intMapSet<Value extends object>(
  map: IntMap<Value>,
  key: number,
  value: Value | undefined,
): IntMap<Value> {
  let { height, root } = map
  while (key >>> ((height + 1) * bits) !== 0) {
    root = root.length === 0 ? emptyNode : [root]
    height += 1
  }
  const changed = setIn(root, height, key, value)
  return changed === root ? map : { height, root: changed }
}

function setIn<Value>(node: Node<Value>, height: number, key: number, value: Value | undefined): Node<Value> {
  const at = (key >>> (height * bits)) & mask
  const before = node[at]
  const after = height === 0 ? value : setIn((before as Node<Value>) ?? emptyNode, height - 1, key, value)
  if (before === after || (before === undefined && after === emptyNode)) return node
  const copy = node.slice()
  while (copy.length < at) copy.push(undefined)
  copy[at] = after
  return copy
}

/**
 * Merges key by key. `join` sees undefined for a key only one side has and answers the merged value (undefined drops
 * the key). Parts both sides share are kept without looking at them; the first map itself is answered when the merge
 * equals it.
 */
export function intMapMerge<Value extends object>(
  first: IntMap<Value>,
  second: IntMap<Value>,
  join: (first: Value | undefined, second: Value | undefined) => Value | undefined,
): IntMap<Value> {
  if (first === second) return first
  let left = first
  let right = second
  while (left.height < right.height) left = { height: left.height + 1, root: [left.root] }
  while (right.height < left.height) right = { height: right.height + 1, root: [right.root] }
  const root = mergeNodes(left.root, right.root, left.height, join)
  return root === left.root ? first : { height: left.height, root }
}

function mergeNodes<Value>(
  first: Node<Value>,
  second: Node<Value>,
  height: number,
  join: (first: Value | undefined, second: Value | undefined) => Value | undefined,
): Node<Value> {
  if (first === second) return first
  let copy: (Value | Node<Value> | undefined)[] | undefined
  const length = Math.max(first.length, second.length)
  for (let at = 0; at < length; at++) {
    const left = first[at]
    const right = second[at]
    if (left === right) continue
    const merged =
      height === 0
        ? join(left as Value | undefined, right as Value | undefined)
        : mergeNodes((left as Node<Value>) ?? emptyNode, (right as Node<Value>) ?? emptyNode, height - 1, join)
    if (merged === left || (left === undefined && merged === emptyNode)) continue
    copy ??= first.slice()
    while (copy.length <= at) copy.push(undefined)
    copy[at] = merged
  }
  return copy ?? first
}

/** The keys at which the second map differs from the first, with the second's values. */
export function intMapChanges<Value extends object>(
  first: IntMap<Value>,
  second: IntMap<Value>,
): { readonly key: number; readonly value: Value | undefined }[] {
  const changes: { key: number; value: Value | undefined }[] = []
  let left = first
  let right = second
  while (left.height < right.height) left = { height: left.height + 1, root: [left.root] }
  while (right.height < left.height) right = { height: right.height + 1, root: [right.root] }
  collect(left.root, right.root, left.height, 0, changes)
  return changes
}

function collect<Value>(
  first: Node<Value>,
  second: Node<Value>,
  height: number,
  base: number,
  changes: { key: number; value: Value | undefined }[],
): void {
  if (first === second) return
  const length = Math.max(first.length, second.length)
  for (let at = 0; at < length; at++) {
    const left = first[at]
    const right = second[at]
    if (left === right) continue
    const key = base * 16 + at
    if (height === 0) changes.push({ key, value: right as Value | undefined })
    else collect((left as Node<Value>) ?? emptyNode, (right as Node<Value>) ?? emptyNode, height - 1, key, changes)
  }
}
