/**
 * A Vitest reporter that writes, to the file named by ASSAY_TEST_SUMMARY, a line for every group of tests that was
 * skipped and why, then `passed failed skipped` as three numbers. No file means that Vitest did not get to its end.
 */
import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { Reporter, TestCase, TestModule } from 'vitest/node'

export default class TestSummary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const path = process.env['ASSAY_TEST_SUMMARY']
    if (path) writeFileSync(path, summaryOf(modules, unhandled.length))
  }
}

function summaryOf(modules: readonly TestModule[], unhandled: number): string {
  const tests = modules.flatMap((module) => [...module.children.allTests()])
  const count = (state: 'passed' | 'failed' | 'skipped'): number =>
    tests.filter((test) => test.result().state === state).length
  // A file that does not load, or fails outside its tests, has no failed test to show for it.
  const broken = modules.filter(
    (module) =>
      module.state() === 'failed' && ![...module.children.allTests()].some((test) => test.result().state === 'failed'),
  )
  // Neither passed nor skipped nor failed: the run was cut short before them.
  const unfinished = tests.length - count('passed') - count('failed') - count('skipped')
  const groups = Map.groupBy(
    tests.filter((test) => test.result().state === 'skipped'),
    groupOf,
  )
  const lines = [...groups].map(([group, skipped]) => `skipped ${String(skipped.length).padStart(3)}  ${group}`)
  const failed = count('failed') + broken.length + unhandled + unfinished
  return [...lines, `${count('passed')} ${failed} ${count('skipped')}`, ''].join('\n')
}

/** The file and the outermost group, whose title gives the reason; or the reason the test itself gave. */
function groupOf(test: TestCase): string {
  const result = test.result()
  const note = result.state === 'skipped' ? result.note : undefined
  const titles = test.fullName.split(' > ')
  return `${relative(process.cwd(), test.module.moduleId)}: ${note ?? titles[0]}`
}
