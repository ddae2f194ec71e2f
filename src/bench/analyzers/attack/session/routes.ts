import { type Endpoint, endpointKey, type Parameter } from '../inventory/endpoint.ts'

/** The endpoints through which people come and go. */
export interface AccountRoutes {
  readonly register: readonly Endpoint[]
  readonly login: readonly Endpoint[]
  readonly logout: readonly Endpoint[]
  /** Where somebody signed in sees their own data. */
  readonly profile: readonly Endpoint[]
}

const registerPath = /(?:^|[/_-])(?:register|registration|sign-?up|create-?(?:account|user)|join)(?:[/_-]|$)/i
const usersPath = /\/(?:users?|accounts?|customers?|members?)\/?$/i
const loginPath = /(?:^|[/_-])(?:log-?in|sign-?in|authenticate|auth|sessions?|token)(?:[/_-]|$)/i
const logoutPath = /(?:^|[/_-])(?:log-?out|sign-?out)(?:[/_-]|$)/i
const profilePath = /\/(?:me|profile|account|whoami|current[_-]?user|dashboard|settings|user)\/?$/i
const password = /pass(?:word|wd|phrase)?|pwd/i

/** Recognises them by path and fields; the most likely first. */
export function accountRoutes(endpoints: readonly Endpoint[]): AccountRoutes {
  const posts = endpoints.filter(({ method }) => method === 'POST')
  const register = [
    ...posts.filter(({ path }) => registerPath.test(path)),
    ...posts.filter((endpoint) => usersPath.test(endpoint.path) && takesPassword(endpoint)),
  ]
  const known = new Set(register)
  return {
    register,
    login: posts
      .filter(
        (endpoint) =>
          !known.has(endpoint) &&
          loginPath.test(endpoint.path) &&
          !logoutPath.test(endpoint.path) &&
          !/refresh|reset|forgot|verify/i.test(endpoint.path),
      )
      .toSorted((one, other) => Number(takesPassword(other)) - Number(takesPassword(one))),
    logout: endpoints.filter(({ path }) => logoutPath.test(path)),
    profile: endpoints.filter(({ method, path }) => method === 'GET' && profilePath.test(path)),
  }
}

/** Whether the endpoint is one of coming and going: such are not treated as ordinary objects. */
export function isAccountRoute(endpoint: Endpoint, routes: AccountRoutes): boolean {
  return [routes.register, routes.login, routes.logout].some((some) => isAmong(endpoint, some))
}

/** Whether the endpoint is one of these, however it was learnt. */
export function isAmong(endpoint: Endpoint, some: readonly Endpoint[]): boolean {
  const key = endpointKey(endpoint)
  return some.some((other) => endpointKey(other) === key)
}

/** Whether a parameter is a password. */
export function isPassword({ name }: Pick<Parameter, 'name'>): boolean {
  return password.test(name)
}

function takesPassword(endpoint: Endpoint): boolean {
  return endpoint.parameters.some(isPassword)
}
