/** The last part of what is bound: `DEBUG` of `app.config['DEBUG']`, `x` of `self.x`, `a` of `'a'`; '' for patterns. */
export function lastName(target: string): string {
  const match = /(?:^|[[.\s])(?:['"]([^'"]{1,100})['"]\]?|([\w$#]+))$/.exec(target.slice(-120))
  return match?.[1] ?? match?.[2] ?? ''
}

/** Every plain variable a target binds: `a` of `a`, `a` and `c` of `{ a, b: c = 1 }`, `x` and `y` of `x, y`. */
export function namesIn(target: string): string[] {
  if (/^[\w$]+$/.test(target)) return [target]
  if (!/^[\s([{\w$,:=.'"*\])}]{1,400}$/.test(target) || !/^[[({]|,/.test(target)) return []
  const names: string[] = []
  for (const part of target.split(/[,{}[\]()]/)) {
    const name = /^\s*(?:[\w$'"]+\s*:\s*)?(?:\.\.\.|\*)?([\w$]+)\s*(?:=.*)?$/.exec(part)?.[1]
    if (name !== undefined) names.push(name)
  }
  return names
}
