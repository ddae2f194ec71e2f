import { describe, expect, it } from 'vitest'
import { normalCdf, normalQuantile } from './normal.ts'

/** R 4: pnorm and qnorm, 15 digits. */
describe('the normal distribution', () => {
  it.each([
    [0, 0.5],
    [1, 0.841344746068543],
    [1.96, 0.97500210485178],
    [-3, 0.00134989803163009],
    [-8, 6.22096057427178e-16],
    [40, 1],
  ])('cdf(%d) = %d', (x, p) => {
    expect(normalCdf(x)).toBeCloseTo(p, 13)
    expect(normalCdf(x) / p).toBeCloseTo(1, 7)
  })

  it.each([
    [0.5, 0],
    [0.975, 1.95996398454005],
    [0.9, 1.2815515655446],
    [0.01, -2.32634787404084],
    [1e-9, -5.99780701500769],
    [1e-20, -9.26234008979841],
  ])('quantile(%d) = %d', (p, x) => {
    expect(normalQuantile(p)).toBeCloseTo(x, 12)
  })

  it('cdf and quantile undo each other', () => {
    for (let p = 0.0005; p < 1; p += 0.0005) expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 12)
  })
})
