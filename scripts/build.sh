#!/bin/sh
# What the npm package holds besides its sources' text: compiled code in dist/, the built web app in web/dist/.
set -eu
cd "$(dirname "$0")/.."
sh bin/prepare
PATH=$PWD/node_modules/node/bin:$PWD/node_modules/.bin:$PATH
rm -rf dist
tsc -p tsconfig.build.json
# The compiled files import "#platform/…" like the sources do; the nearest package.json says where that is.
node -e '
  const { imports } = JSON.parse(fs.readFileSync("package.json", "utf8"))
  const compiled = (path) => path.replace(/^\.\/src\//, "./").replace(/\.ts$/, ".js")
  const entries = Object.entries(imports).map(([name, path]) => [name, compiled(path)])
  fs.writeFileSync("dist/package.json", JSON.stringify({ type: "module", imports: Object.fromEntries(entries) }))
'
# Everything that is not TypeScript but lies beside the code is read at run time, except what tests read.
find src -type f ! -name '*.ts' ! -path '*/fixtures/*' ! -path '*/suite/*' | while IFS= read -r file; do
  mkdir -p "dist/$(dirname "${file#src/}")"
  cp "$file" "dist/${file#src/}"
done
