import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRoute,
  createRoute,
  createRouter,
  type ErrorComponentProps,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import { densityMetrics } from './api/types.ts'
import { Loading, ProblemPanel } from './components/notices.tsx'
import { Shell } from './components/shell.tsx'
import { parseFindingFilters } from './lib/findingFilters.ts'
import { choice, flag, parseSearch, positive, stringifySearch, text, wordList } from './lib/urlSearch.ts'
import { NotFound } from './screens/notFound.tsx'

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound })

const index = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/studies' })
  },
})

const studies = createRoute({
  getParentRoute: () => root,
  path: '/studies',
  validateSearch: (search: Record<string, unknown>): { q?: string; new?: true; apps?: string[] } => ({
    ...defined('q', text(search['q'])),
    ...defined('new', flag(search['new'])),
    ...defined('apps', wordList(search['apps'])),
  }),
  component: lazyRouteComponent(() => import('./screens/studies/studies.tsx'), 'Studies'),
})

const study = createRoute({
  getParentRoute: () => root,
  path: '/studies/$studyId',
  component: lazyRouteComponent(() => import('./screens/study/study.tsx'), 'StudyScreen'),
})
const studyMatrix = createRoute({
  getParentRoute: () => study,
  path: '/',
  validateSearch: (search: Record<string, unknown>): { q?: string; model?: string[]; problems?: true } => ({
    ...defined('q', text(search['q'])),
    ...defined('model', wordList(search['model'])),
    ...defined('problems', flag(search['problems'])),
  }),
  component: lazyRouteComponent(() => import('./screens/study/matrix.tsx'), 'MatrixTab'),
})
const studyModels = createRoute({
  getParentRoute: () => study,
  path: '/models',
  validateSearch: (search: Record<string, unknown>): { metric?: (typeof densityMetrics)[number]; open?: string } => ({
    ...defined('metric', choice(search['metric'], densityMetrics)),
    ...defined('open', text(search['open'])),
  }),
  component: lazyRouteComponent(() => import('./screens/study/models.tsx'), 'ModelsTab'),
})
const studyFindings = createRoute({
  getParentRoute: () => study,
  path: '/findings',
  validateSearch: parseFindingFilters,
  component: lazyRouteComponent(() => import('./screens/study/studyFindings.tsx'), 'StudyFindings'),
})
const studyActivity = createRoute({
  getParentRoute: () => study,
  path: '/activity',
  component: lazyRouteComponent(() => import('./screens/study/activity.tsx'), 'ActivityTab'),
})

const analysis = createRoute({
  getParentRoute: () => root,
  path: '/analyses/$analysisId',
  component: lazyRouteComponent(() => import('./screens/study/analysis.tsx'), 'AnalysisScreen'),
})

const apps = createRoute({
  getParentRoute: () => root,
  path: '/apps',
  validateSearch: (search: Record<string, unknown>): { q?: string; model?: string[]; spec?: string[] } => ({
    ...defined('q', text(search['q'])),
    ...defined('model', wordList(search['model'])),
    ...defined('spec', wordList(search['spec'])),
  }),
  component: lazyRouteComponent(() => import('./screens/app/apps.tsx'), 'Apps'),
})
const app = createRoute({
  getParentRoute: () => root,
  path: '/apps/$appId',
  component: lazyRouteComponent(() => import('./screens/app/app.tsx'), 'AppScreen'),
})
const appOverview = createRoute({
  getParentRoute: () => app,
  path: '/',
  validateSearch: (search: Record<string, unknown>): { study?: string } => defined('study', text(search['study'])),
  component: lazyRouteComponent(() => import('./screens/app/overview.tsx'), 'AppOverview'),
})
const appCode = createRoute({
  getParentRoute: () => app,
  path: '/code',
  validateSearch: (
    search: Record<string, unknown>,
  ): { path?: string; line?: number; study?: string; finding?: string; step?: number } => ({
    ...defined('study', text(search['study'])),
    ...defined('path', text(search['path'])),
    ...defined('line', positive(search['line'])),
    ...defined('finding', text(search['finding'])),
    ...defined('step', positive(search['step'])),
  }),
  component: lazyRouteComponent(() => import('./screens/app/code.tsx'), 'AppCode'),
})
const appFindings = createRoute({
  getParentRoute: () => app,
  path: '/findings',
  validateSearch: parseFindingFilters,
  component: lazyRouteComponent(() => import('./screens/app/appFindings.tsx'), 'AppFindings'),
})

const findings = createRoute({
  getParentRoute: () => root,
  path: '/findings',
  validateSearch: parseFindingFilters,
  component: lazyRouteComponent(() => import('./screens/findings/findings.tsx'), 'Findings'),
})
const finding = createRoute({
  getParentRoute: () => root,
  path: '/findings/$findingId',
  validateSearch: (search: Record<string, unknown>): { step?: number } => defined('step', positive(search['step'])),
  component: lazyRouteComponent(() => import('./screens/findings/finding.tsx'), 'FindingScreen'),
})

const system = createRoute({
  getParentRoute: () => root,
  path: '/system',
  component: lazyRouteComponent(() => import('./screens/system/system.tsx'), 'SystemScreen'),
})

const members = createRoute({
  getParentRoute: () => root,
  path: '/members',
  component: lazyRouteComponent(() => import('./screens/members/members.tsx'), 'MembersScreen'),
})
const memberList = createRoute({
  getParentRoute: () => members,
  path: '/',
  component: lazyRouteComponent(() => import('./screens/members/memberList.tsx'), 'MemberList'),
})
const keys = createRoute({
  getParentRoute: () => members,
  path: '/keys',
  component: lazyRouteComponent(() => import('./screens/members/keys.tsx'), 'Keys'),
})
const audit = createRoute({
  getParentRoute: () => members,
  path: '/audit',
  component: lazyRouteComponent(() => import('./screens/members/audit.tsx'), 'Audit'),
})

const routeTree = root.addChildren([
  index,
  studies,
  study.addChildren([studyMatrix, studyModels, studyFindings, studyActivity]),
  analysis,
  apps,
  app.addChildren([appOverview, appCode, appFindings]),
  findings,
  finding,
  system,
  members.addChildren([memberList, keys, audit]),
])

const RouteProblem = ({ error, reset }: ErrorComponentProps) => <ProblemPanel screen error={error} retry={reset} />

/** The addresses of the app; see lib/urlSearch.ts for how views are written into them. */
export const createAppRouter = (client: QueryClient) =>
  createRouter({
    routeTree,
    parseSearch,
    stringifySearch,
    defaultErrorComponent: (props) => (
      <RouteProblem
        {...props}
        reset={() => {
          void client.resetQueries()
          props.reset()
        }}
      />
    ),
    defaultPendingComponent: () => <Loading what="view" />,
    defaultPreload: 'intent',
    scrollRestoration: true,
  })

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>
  }
}

function defined<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V })
}
