#!/bin/sh
# Type check, lint, architecture check and all tests. Every part runs, whatever came before it; the last line counts.
set -u
cd "$(dirname "$0")/.." || exit 1
PATH=$PWD/node_modules/node/bin:$PWD/node_modules/.bin:$PATH
export PATH

passed=0
failed=0
skipped=0
check() {
  title=$1
  shift
  if "$@"; then
    passed=$((passed + 1))
    echo "ok      $title"
  else
    failed=$((failed + 1))
    echo "FAILED  $title"
  fi
}
check 'types of the sources' tsc -p tsconfig.json
check 'types of the web app' tsc -p web/tsconfig.json
check 'lint and format' biome check --error-on-warnings .
check 'architecture' node scripts/check-architecture.ts

ASSAY_TEST_SUMMARY=$(mktemp)
export ASSAY_TEST_SUMMARY
rm "$ASSAY_TEST_SUMMARY"
trap 'rm -f "$ASSAY_TEST_SUMMARY"' EXIT
vitest run "$@"
status=$?

echo
if [ -f "$ASSAY_TEST_SUMMARY" ]; then
  sed '$d' "$ASSAY_TEST_SUMMARY"
  read -r tests_passed tests_failed skipped <<LAST
$(tail -n 1 "$ASSAY_TEST_SUMMARY")
LAST
  passed=$((passed + tests_passed))
  failed=$((failed + tests_failed))
else
  echo 'Vitest ended before it could count.'
  failed=$((failed + 1))
fi
if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then
  echo "Vitest ended with exit code $status."
  failed=1
fi
if [ "$skipped" -gt 0 ]; then echo "$passed passed, $failed failed, $skipped skipped"; else echo "$passed passed, $failed failed"; fi
[ "$failed" -eq 0 ]
