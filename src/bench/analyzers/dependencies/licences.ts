/** Strong copyleft: the obligation reaches the whole work (GPL) or its use over a network (AGPL, SSPL). Source: SPDX. */
const strong = /^(?:A?GPL-|SSPL-|EUPL-|OSL-|CPAL-|RPL-)/i
const strongNames = /\b(?:affero|gnu general public licen[cs]e|gpl ?v?[23]\b|gplv[23])/i
const weakNames = /\b(?:lesser|library)\b|\blgpl/i

/**
 * Whether a licence, as an SPDX expression or in words, is strong copyleft whatever its user chooses: of `A OR B`, both
 * must be.
 */
export function isStrongCopyleft(licence: string): boolean {
  return licence
    .replace(/[()]/g, ' ')
    .split(/\s+OR\s+|\s*\/\s*/i)
    .every((choice) => choice.split(/\s+AND\s+/i).some((part) => isStrong(part.trim())))
}

function isStrong(part: string): boolean {
  // A linking exception takes the obligation off the app that links.
  if (/\sWITH\s/i.test(part) || weakNames.test(part)) return false
  return strong.test(part) || strongNames.test(part)
}
