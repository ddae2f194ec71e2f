// Written by scripts/generate-client.ts from docs/openapi.json. Do not edit.

export interface paths {
  '/api/v1/apps/import': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Import apps from a folder or a git repository, or send an archive */
    post: {
      parameters: {
        query?: {
          /** What an uploaded archive is called. */
          name?: string
        }
        header?: never
        path?: never
        cookie?: never
      }
      requestBody: { content: {
        'application/json': components['schemas']['ImportRequest']
        'application/zip': Blob
        'application/gzip': Blob
        'application/x-tar': Blob
      } }
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': components['schemas']['ImportResult']
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/apps': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** List apps */
    get: {
      parameters: {
        query?: {
          /** `next` of the page before. */
          cursor?: string
          /** How many items at most. */
          limit?: number
          /** Part of the name. */
          q?: string
          model?: string
          spec?: string
        }
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              items: components['schemas']['App'][]
              /** Pass as `cursor` for the next page; null on the last. */
              next: string | null
              total?: number
            }
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/apps/{id}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Show an app */
    get: {
      parameters: {
        query?: never
        header?: never
        path: {
          id: string
        }
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': components['schemas']['AppDetail']
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/apps/{id}/files': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** List the files of an app */
    get: {
      parameters: {
        query?: never
        header?: never
        path: {
          id: string
        }
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              items: components['schemas']['AppFile'][]
            }
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/apps/{id}/content': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Read one file of an app */
    get: {
      parameters: {
        query: {
          path: string
        }
        header?: never
        path: {
          id: string
        }
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': components['schemas']['AppContent']
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/studies': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** List studies, the newest first */
    get: {
      parameters: {
        query?: {
          /** `next` of the page before. */
          cursor?: string
          /** How many items at most. */
          limit?: number
        }
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              items: components['schemas']['Study'][]
              /** Pass as `cursor` for the next page; null on the last. */
              next: string | null
              total?: number
            }
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    put?: never
    /** Plan a study and start it */
    post: {
      parameters: {
        query?: never
        header?: never
        path?: never
        cookie?: never
      }
      requestBody: { content: {
        'application/json': components['schemas']['NewStudy']
      } }
      responses: {
        201: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': components['schemas']['Study']
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/studies/{id}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Show a study with its progress */
    get: {
      parameters: {
        query?: never
        header?: never
        path: {
          id: string
        }
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': components['schemas']['Study']
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    put?: never
    post?: never
    /** Delete a study with its analyses and findings */
    delete: {
      parameters: {
        query?: never
        header?: never
        path: {
          id: string
        }
        cookie?: never
      }
      requestBody?: never
      responses: {
        204: {
          headers: { [name: string]: unknown }
          content?: never
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/studies/{id}/cancel': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Stop a study; what is finished stays */
    post: {
      parameters: {
        query?: never
        header?: never
        path: {
          id: string
        }
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': components['schemas']['Study']
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/studies/{id}/resume': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Go on with a cancelled study */
    post: {
      parameters: {
        query?: never
        header?: never
        path: {
          id: string
        }
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': components['schemas']['Study']
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/studies/{id}/retry': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Run again what ended without a result */
    post: {
      parameters: {
        query?: never
        header?: never
        path: {
          id: string
        }
        cookie?: never
      }
      requestBody?: { content: {
        'application/json': {
          outcomes?: ("error" | "timed_out" | "cancelled")[]
        }
      } }
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': components['schemas']['Study']
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/studies/{id}/apps': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Add apps to a study */
    post: {
      parameters: {
        query?: never
        header?: never
        path: {
          id: string
        }
        cookie?: never
      }
      requestBody: { content: {
        'application/json': {
          apps: string[]
        }
      } }
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': components['schemas']['Study']
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/studies/{id}/matrix': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Show a study as apps by analyzers */
    get: {
      parameters: {
        query?: {
          /** `next` of the page before. */
          cursor?: string
          limit?: number
        }
        header?: never
        path: {
          id: string
        }
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': components['schemas']['Matrix']
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/studies/{id}/comparison': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Compare the models of a study */
    get: {
      parameters: {
        query?: never
        header?: never
        path: {
          id: string
        }
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': components['schemas']['Comparison']
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/studies/{id}/export': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Download a study */
    get: {
      parameters: {
        query?: {
          format?: "json" | "csv" | "sarif"
        }
        header?: never
        path: {
          id: string
        }
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': Blob
            'text/csv': Blob
            'application/sarif+json': Blob
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/studies/{id}/events': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Follow a study while it runs */
    get: {
      parameters: {
        query?: never
        header?: {
          /** Id of the last event seen: those after it are sent again. */
          'Last-Event-ID'?: string
        }
        path: {
          id: string
        }
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'text/event-stream': string
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/analyses/{id}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Show one run of one analyzer on one app */
    get: {
      parameters: {
        query?: never
        header?: never
        path: {
          id: string
        }
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': components['schemas']['Analysis']
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/analyses/{id}/artifacts/{name}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Show something an analysis kept: a screenshot, a log */
    get: {
      parameters: {
        query?: never
        header?: never
        path: {
          id: string
          name: string
        }
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/octet-stream': Blob
            'application/json': Blob
            'image/png': Blob
            'image/jpeg': Blob
            'image/svg+xml': Blob
            'text/plain': Blob
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/findings': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** List findings, filtered and sorted */
    get: {
      parameters: {
        query?: {
          /** `next` of the page before. */
          cursor?: string
          /** How many items at most. */
          limit?: number
          study?: string
          app?: string
          model?: string
          /** One or more of critical, high, medium, low, info, separated by commas. */
          severity?: string
          analyzer?: string
          /** `analyzer/rule`. */
          rule?: string
          cwe?: number
          /** `A05:2025`. */
          owasp?: string
          /** One or more of open, fixed, regressed, accepted, false_positive, separated by commas. */
          state?: string
          /** One or more of model, scaffold, dependency, separated by commas. */
          provenance?: string
          /** One or more of high, medium, low, separated by commas. Without it high and medium: what is of low confidence does not count. */
          confidence?: string
          /** One or more of security, quality, conformance, performance, accessibility, review, separated by commas. */
          category?: string
          /** Part of the path. */
          path?: string
          /** Part of the title, message, rule or path. */
          q?: string
          /** `-severity` begins with critical. */
          sort?: "severity" | "-severity" | "path" | "rule" | "app"
        }
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              items: components['schemas']['Finding'][]
              /** Pass as `cursor` for the next page; null on the last. */
              next: string | null
              total?: number
            }
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/findings/groups': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Count findings by rule, model, app, weakness or another property */
    get: {
      parameters: {
        query: {
          study?: string
          app?: string
          model?: string
          /** One or more of critical, high, medium, low, info, separated by commas. */
          severity?: string
          analyzer?: string
          /** `analyzer/rule`. */
          rule?: string
          cwe?: number
          /** `A05:2025`. */
          owasp?: string
          /** One or more of open, fixed, regressed, accepted, false_positive, separated by commas. */
          state?: string
          /** One or more of model, scaffold, dependency, separated by commas. */
          provenance?: string
          /** One or more of high, medium, low, separated by commas. Without it high and medium: what is of low confidence does not count. */
          confidence?: string
          /** One or more of security, quality, conformance, performance, accessibility, review, separated by commas. */
          category?: string
          /** Part of the path. */
          path?: string
          /** Part of the title, message, rule or path. */
          q?: string
          by: "rule" | "model" | "app" | "cwe" | "owasp" | "severity" | "analyzer" | "state" | "provenance" | "confidence"
        }
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': components['schemas']['FindingGroups']
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/findings/{id}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Show a finding with its evidence, code and history */
    get: {
      parameters: {
        query?: never
        header?: never
        path: {
          id: string
        }
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': components['schemas']['FindingDetail']
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/findings/{id}/replay': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Make the attack that proved a finding again */
    post: {
      parameters: {
        query?: never
        header?: never
        path: {
          id: string
        }
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': components['schemas']['Replay']
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/findings/{id}/triage': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Decide about a finding */
    post: {
      parameters: {
        query?: never
        header?: never
        path: {
          id: string
        }
        cookie?: never
      }
      requestBody: { content: {
        'application/json': components['schemas']['Triage']
      } }
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': components['schemas']['FindingDetail']
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/agents': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** List the agents there are */
    get: {
      parameters: {
        query?: never
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              items: components['schemas']['Agent'][]
            }
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/tools': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** List the tools agents may be granted */
    get: {
      parameters: {
        query?: never
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              items: components['schemas']['Tool'][]
            }
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/executions': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** List executions, the newest first */
    get: {
      parameters: {
        query?: {
          /** `next` of the page before. */
          cursor?: string
          /** How many items at most. */
          limit?: number
          /** Only of this agent. */
          agent?: string
        }
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              items: components['schemas']['Execution'][]
              /** Pass as `cursor` for the next page; null on the last. */
              next: string | null
              total?: number
            }
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    put?: never
    /** Give an agent a task */
    post: {
      parameters: {
        query?: never
        header?: never
        path?: never
        cookie?: never
      }
      requestBody: { content: {
        'application/json': components['schemas']['NewExecution']
      } }
      responses: {
        201: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': components['schemas']['Execution']
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/executions/{id}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Show an execution */
    get: {
      parameters: {
        query?: never
        header?: never
        path: {
          id: string
        }
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': components['schemas']['Execution']
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/executions/{id}/cancel': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Stop an execution; its log stays */
    post: {
      parameters: {
        query?: never
        header?: never
        path: {
          id: string
        }
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': components['schemas']['Execution']
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/executions/{id}/steps': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** List the steps of an execution, the first first */
    get: {
      parameters: {
        query?: {
          /** `next` of the page before. */
          cursor?: string
          /** How many items at most. */
          limit?: number
        }
        header?: never
        path: {
          id: string
        }
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              items: components['schemas']['Step'][]
              /** Pass as `cursor` for the next page; null on the last. */
              next: string | null
              total?: number
            }
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/executions/{id}/events': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Follow an execution while it runs */
    get: {
      parameters: {
        query?: never
        header?: {
          /** Id of the last event seen: those after it are sent again. */
          'Last-Event-ID'?: string
        }
        path: {
          id: string
        }
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'text/event-stream': string
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/session': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Show who is asking */
    get: {
      parameters: {
        query?: never
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': components['schemas']['Session']
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/members': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** List the members of the workspace */
    get: {
      parameters: {
        query?: {
          /** `next` of the page before. */
          cursor?: string
          /** How many items at most. */
          limit?: number
        }
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              items: components['schemas']['Member'][]
              /** Pass as `cursor` for the next page; null on the last. */
              next: string | null
              total?: number
            }
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    put?: never
    /** Add a member */
    post: {
      parameters: {
        query?: never
        header?: never
        path?: never
        cookie?: never
      }
      requestBody: { content: {
        'application/json': components['schemas']['NewMember']
      } }
      responses: {
        201: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': components['schemas']['Member']
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/members/{id}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post?: never
    /** Remove a member, with sessions and keys */
    delete: {
      parameters: {
        query?: never
        header?: never
        path: {
          id: string
        }
        cookie?: never
      }
      requestBody?: never
      responses: {
        204: {
          headers: { [name: string]: unknown }
          content?: never
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    options?: never
    head?: never
    /** Change the role of a member */
    patch: {
      parameters: {
        query?: never
        header?: never
        path: {
          id: string
        }
        cookie?: never
      }
      requestBody: { content: {
        'application/json': {
          role: "viewer" | "analyst" | "admin"
        }
      } }
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': components['schemas']['Member']
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    trace?: never
  }
  '/api/v1/keys': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** List API keys */
    get: {
      parameters: {
        query?: {
          /** `next` of the page before. */
          cursor?: string
          /** How many items at most. */
          limit?: number
        }
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              items: components['schemas']['Key'][]
              /** Pass as `cursor` for the next page; null on the last. */
              next: string | null
              total?: number
            }
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    put?: never
    /** Issue an API key */
    post: {
      parameters: {
        query?: never
        header?: never
        path?: never
        cookie?: never
      }
      requestBody: { content: {
        'application/json': components['schemas']['NewKey']
      } }
      responses: {
        201: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': components['schemas']['IssuedKey']
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/keys/{id}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post?: never
    /** Revoke an API key */
    delete: {
      parameters: {
        query?: never
        header?: never
        path: {
          id: string
        }
        cookie?: never
      }
      requestBody?: never
      responses: {
        204: {
          headers: { [name: string]: unknown }
          content?: never
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/audit': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** List what was done by whom, the newest first */
    get: {
      parameters: {
        query?: {
          /** `next` of the page before. */
          cursor?: string
          /** How many items at most. */
          limit?: number
        }
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              items: components['schemas']['AuditEntry'][]
              /** Pass as `cursor` for the next page; null on the last. */
              next: string | null
              total?: number
            }
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/health': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Tell whether the process answers */
    get: {
      parameters: {
        query?: never
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              status: "ok"
            }
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/ready': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Tell whether everything a request needs works */
    get: {
      parameters: {
        query?: never
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              status: "ready"
              checks: { [key: string]: "ok" | "failing" }
            }
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/system': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Show the health of the installation */
    get: {
      parameters: {
        query?: never
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': components['schemas']['System']
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/analyzers': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** List analyzers and what they need here */
    get: {
      parameters: {
        query?: never
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              items: components['schemas']['Analyzer'][]
            }
          }
        }
        default: {
          headers: { [name: string]: unknown }
          content: {
            'application/problem+json': components['schemas']['Problem']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
}

export interface components {
  schemas: {
    Agent: {
      id: string
      title: string
      purpose: string
      version: string
      /** Names of the tools it may use. */
      tools: string[]
      /** JSON Schema of what it is asked. */
      task: { [key: string]: unknown }
      /** JSON Schema of what it answers. */
      result: { [key: string]: unknown }
    }
    Analysis: {
      id: string
      studyId: string
      app: components['schemas']['App']
      analyzer: string
      analyzerVersion: string
      repeat: number
      state: "queued" | "running" | "finished"
      outcome: "completed" | "not_applicable" | "error" | "timed_out" | "cancelled" | null
      reason: string | null
      cached: boolean
      durationMs: number | null
      startedAt: string | null
      finishedAt: string | null
      attempts: number
      metrics: { [key: string]: number }
      /** Null until finished, and where nothing was measured. */
      coverage: {
        analysed: number
        total: number
        gaps: {
          path: string
          reason: string
        }[]
      } | null
      checks: ({
        id: string
        title: string
        outcome: "pass" | "fail" | "not_applicable" | "error"
        reason?: string
      })[]
      log: string[]
      /** What was kept besides; read at `/analyses/{id}/artifacts/{name}`. */
      artifacts: {
        name: string
        title: string
        mediaType: string
        size: number
      }[]
    }
    AnalysisEvent: {
      analysisId: string
      appId: string
      analyzer: string
      repeat: number
      state: "queued" | "running" | "finished"
      outcome: "completed" | "not_applicable" | "error" | "timed_out" | "cancelled" | null
      durationMs: number | null
      findings: components['schemas']['SeverityCounts']
    }
    Analyzer: {
      id: string
      version: string
      title: string
      description: string
      category: string
      /** `network`, `running`, `browser`, `exclusive`, `llm`. */
      needs: { [key: string]: boolean }
      canary: {
        /** Whether it found its planted defect on this machine. */
        state: "passed" | "failed" | "not_run"
        reason?: string
        at?: string
      }
      available: boolean
      reason?: string
      install?: string
    }
    App: {
      id: string
      name: string
      /** Who wrote it, where known. */
      model: string | null
      /** What it was asked to be, where known. */
      spec: string | null
      sample: number | null
      /** Digest of its content: `sha256:…`. */
      snapshot: string
      files: number
      bytes: number
      lines: number
      /** Frameworks detected: `flask`, `react`, … */
      stack: string[]
      createdAt: string
    }
    AppContent: {
      path: string
      language: "python" | "javascript" | "jsx" | "typescript" | "tsx" | "vue" | "svelte" | "html" | "css" | "scss" | "json" | "yaml" | "toml" | "ini" | "markdown" | "shell" | "sql" | "dockerfile" | "nginx" | "dotenv" | "jinja" | "ejs" | "requirements" | "xml" | "svg" | null
      text: string
      /** Of the whole file. */
      lines: number
      /** Whether `text` ends before the file does. */
      truncated: boolean
    }
    AppDetail: {
      id: string
      name: string
      /** Who wrote it, where known. */
      model: string | null
      /** What it was asked to be, where known. */
      spec: string | null
      sample: number | null
      /** Digest of its content: `sha256:…`. */
      snapshot: string
      files: number
      bytes: number
      lines: number
      /** Frameworks detected: `flask`, `react`, … */
      stack: string[]
      createdAt: string
      components: ({
        /** Folder relative to the app, `''` for the app itself. */
        path: string
        role: "backend" | "frontend" | "fullstack" | "library" | "static"
        framework: string
        language: string
        /** The file the detection rests on. */
        evidence: string
      })[]
      excluded: {
        path: string
        reason: string
      }[]
      languages: { [key: string]: {
        files: number
        lines: number
      } }
      routes: {
        method: string
        path: string
        file: string
        line: number
      }[]
      calls: {
        method: string
        url: string
        file: string
        line: number
      }[]
      studies: {
        id: string
        name: string
      }[]
    }
    AppFile: {
      path: string
      size: number
      kind: "text" | "binary"
      language: "python" | "javascript" | "jsx" | "typescript" | "tsx" | "vue" | "svelte" | "html" | "css" | "scss" | "json" | "yaml" | "toml" | "ini" | "markdown" | "shell" | "sql" | "dockerfile" | "nginx" | "dotenv" | "jinja" | "ejs" | "requirements" | "xml" | "svg" | null
      role: "source" | "test" | "config" | "template" | "documentation" | "lock" | "generated" | "vendored" | "asset"
      lines: number
    }
    AuditEntry: {
      id: string
      at: string
      actor: string
      action: string
      subject: string
      outcome: string
      address: string | null
    }
    Cell: {
      analysisId: string
      analyzer: string
      repeat: number
      state: "queued" | "running" | "finished"
      outcome: "completed" | "not_applicable" | "error" | "timed_out" | "cancelled" | null
      reason: string | null
      durationMs: number | null
      cached: boolean
      findings: components['schemas']['SeverityCounts']
      coverage: {
        analysed: number
        total: number
      } | null
    }
    Comparison: {
      models: {
        model: string
        apps: number
        lines: number
        analyses: {
          byOutcome: components['schemas']['OutcomeCounts']
        }
        coverage: {
          analyzer: string
          analysed: number
          total: number
          completed: number
          failed: number
        }[]
        findings: {
          total: number
          bySeverity: components['schemas']['SeverityCounts']
        }
        /** Apps that do not count, since a counted analyzer failed on them. */
        excludedApps: {
          appId: string
          name: string
          reason: string
        }[]
        perKloc: {
          total: components['schemas']['MetricSummary']
          critical: components['schemas']['MetricSummary']
          high: components['schemas']['MetricSummary']
          medium: components['schemas']['MetricSummary']
          low: components['schemas']['MetricSummary']
          info: components['schemas']['MetricSummary']
        }
      }[]
      differences: ({
        metric: "total" | "critical" | "high" | "medium" | "low" | "info"
        a: string
        b: string
        /** Mean of `a` minus mean of `b`. */
        difference: number | null
        low: number | null
        high: number | null
        n: number
        paired: boolean
        p: number
        /** By Holm's method. */
        adjustedP: number
        cliffsDelta: number
        magnitude: "negligible" | "small" | "medium" | "large"
        verdict: "a_better" | "b_better" | "not_distinguishable"
      })[]
      /** Analyzers that did not measure enough apps of some model. */
      uncountedAnalyzers: {
        analyzer: string
        reason: string
      }[]
      method: {
        interval: "BCa"
        random: string
        test: string
        resamples: number
        seed: number
        level: number
      }
    }
    Execution: {
      id: string
      agent: string
      agentVersion: string
      task: unknown
      state: "queued" | "running" | "completed" | "failed" | "cancelled"
      /** Why it is not completed. */
      reason: string | null
      /** What the agent answered; null until completed. */
      result: unknown
      steps: number
      /** Name of the member. */
      createdBy: string
      createdAt: string
      startedAt: string | null
      finishedAt: string | null
    }
    ExecutionEvent: {
      state: "queued" | "running" | "completed" | "failed" | "cancelled"
      reason: string | null
    }
    Finding: {
      fingerprint: string
      defect?: "sql-injection" | "nosql-injection" | "command-injection" | "code-injection" | "template-injection" | "xss" | "path-traversal" | "open-redirect" | "ssrf" | "xxe" | "xpath-injection" | "ldap-injection" | "header-injection" | "log-injection" | "insecure-deserialization" | "prototype-pollution" | "mass-assignment" | "redos" | "unrestricted-upload" | "weak-hash" | "weak-cipher" | "weak-random" | "weak-password-storage" | "timing-unsafe-comparison" | "hard-coded-credential" | "debug-enabled" | "error-detail" | "bind-all-interfaces" | "missing-request-timeout" | "insecure-cookie" | "csrf-disabled" | "permissive-cors" | "tls-verification-disabled" | "weak-tls-version" | "jwt-unverified" | "missing-authentication" | "insecure-temporary-file" | "insecure-file-permissions" | "cleartext-transmission" | "raw-html" | "target-blank-opener" | "autoescape-off" | "syntax-error" | "undefined-name" | "unused-import" | "unused-variable" | "redefined-unused" | "unreachable-code" | "duplicate-key" | "self-comparison" | "constant-condition" | "mutable-default" | "bare-except" | "swallowed-exception" | "assert-in-production" | "loose-equality" | "missing-await" | "missing-dependency-array" | "missing-key-in-list" | "unresolved-import" | "type-error" | "high-complexity" | "duplicated-code" | "dead-handler" | "unfinished-code" | "missing-alternative-text" | "missing-form-label" | "missing-document-language" | "missing-title" | "invalid-markup" | "invalid-aria" | "non-interactive-handler" | "undeclared-dependency" | "unused-dependency" | "nonexistent-package" | "unpinned-dependency" | "vulnerable-dependency" | "deprecated-dependency" | "licence-problem" | "container-root" | "container-unpinned-image" | "container-secret"
      rule: string
      title: string
      category: "security" | "quality" | "conformance" | "performance" | "accessibility" | "review"
      severity: "critical" | "high" | "medium" | "low" | "info"
      confidence: "high" | "medium" | "low"
      cwe: number[]
      owasp?: string
      location: {
        kind: "file"
        path: string
        region?: {
          startLine: number
          startColumn?: number
          endLine?: number
          endColumn?: number
        }
      } | {
        kind: "endpoint"
        method: string
        url: string
        parameter?: string
      }
      message: string
      why: string
      fix: string
      help?: string
      evidence: {
        snippet?: string
        related?: ({
          location: {
            kind: "file"
            path: string
            region?: {
              startLine: number
              startColumn?: number
              endLine?: number
              endColumn?: number
            }
          } | {
            kind: "endpoint"
            method: string
            url: string
            parameter?: string
          }
          message: string
        })[]
        path?: ({
          kind: "source" | "step" | "sink"
          location: {
            kind: "file"
            path: string
            region?: {
              startLine: number
              startColumn?: number
              endLine?: number
              endColumn?: number
            }
          } | {
            kind: "endpoint"
            method: string
            url: string
            parameter?: string
          }
          message: string
          depth?: number
        })[]
        exchanges?: {
          purpose: string
          request: {
            method: string
            url: string
            headers: [string, string][]
            body?: string
          }
          response?: {
            status: number
            headers: [string, string][]
            body: string
            truncated: boolean
          }
          failure?: string
          milliseconds: number
        }[]
        observed?: string[]
        artifacts?: string[]
        facts?: { [key: string]: string | number | boolean }
      }
      witnesses: {
        analyzer: string
        version: string
        rule: string
      }[]
      provenance: "model" | "scaffold" | "dependency"
      id: string
      studyId: string
      study: {
        id: string
        name: string
      }
      app: {
        id: string
        name: string
        model: string | null
      }
      state: "open" | "fixed" | "regressed" | "accepted" | "false_positive"
    }
    FindingDetail: {
      fingerprint: string
      defect?: "sql-injection" | "nosql-injection" | "command-injection" | "code-injection" | "template-injection" | "xss" | "path-traversal" | "open-redirect" | "ssrf" | "xxe" | "xpath-injection" | "ldap-injection" | "header-injection" | "log-injection" | "insecure-deserialization" | "prototype-pollution" | "mass-assignment" | "redos" | "unrestricted-upload" | "weak-hash" | "weak-cipher" | "weak-random" | "weak-password-storage" | "timing-unsafe-comparison" | "hard-coded-credential" | "debug-enabled" | "error-detail" | "bind-all-interfaces" | "missing-request-timeout" | "insecure-cookie" | "csrf-disabled" | "permissive-cors" | "tls-verification-disabled" | "weak-tls-version" | "jwt-unverified" | "missing-authentication" | "insecure-temporary-file" | "insecure-file-permissions" | "cleartext-transmission" | "raw-html" | "target-blank-opener" | "autoescape-off" | "syntax-error" | "undefined-name" | "unused-import" | "unused-variable" | "redefined-unused" | "unreachable-code" | "duplicate-key" | "self-comparison" | "constant-condition" | "mutable-default" | "bare-except" | "swallowed-exception" | "assert-in-production" | "loose-equality" | "missing-await" | "missing-dependency-array" | "missing-key-in-list" | "unresolved-import" | "type-error" | "high-complexity" | "duplicated-code" | "dead-handler" | "unfinished-code" | "missing-alternative-text" | "missing-form-label" | "missing-document-language" | "missing-title" | "invalid-markup" | "invalid-aria" | "non-interactive-handler" | "undeclared-dependency" | "unused-dependency" | "nonexistent-package" | "unpinned-dependency" | "vulnerable-dependency" | "deprecated-dependency" | "licence-problem" | "container-root" | "container-unpinned-image" | "container-secret"
      rule: string
      title: string
      category: "security" | "quality" | "conformance" | "performance" | "accessibility" | "review"
      severity: "critical" | "high" | "medium" | "low" | "info"
      confidence: "high" | "medium" | "low"
      cwe: number[]
      owasp?: string
      location: {
        kind: "file"
        path: string
        region?: {
          startLine: number
          startColumn?: number
          endLine?: number
          endColumn?: number
        }
      } | {
        kind: "endpoint"
        method: string
        url: string
        parameter?: string
      }
      message: string
      why: string
      fix: string
      help?: string
      evidence: {
        snippet?: string
        related?: ({
          location: {
            kind: "file"
            path: string
            region?: {
              startLine: number
              startColumn?: number
              endLine?: number
              endColumn?: number
            }
          } | {
            kind: "endpoint"
            method: string
            url: string
            parameter?: string
          }
          message: string
        })[]
        path?: ({
          kind: "source" | "step" | "sink"
          location: {
            kind: "file"
            path: string
            region?: {
              startLine: number
              startColumn?: number
              endLine?: number
              endColumn?: number
            }
          } | {
            kind: "endpoint"
            method: string
            url: string
            parameter?: string
          }
          message: string
          depth?: number
        })[]
        exchanges?: {
          purpose: string
          request: {
            method: string
            url: string
            headers: [string, string][]
            body?: string
          }
          response?: {
            status: number
            headers: [string, string][]
            body: string
            truncated: boolean
          }
          failure?: string
          milliseconds: number
        }[]
        observed?: string[]
        artifacts?: string[]
        facts?: { [key: string]: string | number | boolean }
      }
      witnesses: {
        analyzer: string
        version: string
        rule: string
      }[]
      provenance: "model" | "scaffold" | "dependency"
      id: string
      studyId: string
      study: {
        id: string
        name: string
      }
      app: {
        id: string
        name: string
        model: string | null
      }
      state: "open" | "fixed" | "regressed" | "accepted" | "false_positive"
      history: ({
        at: string
        state: "open" | "fixed" | "regressed" | "accepted" | "false_positive"
        author: string | null
        reason: string | null
        study: string | null
      })[]
      /** Null for findings that are not in a file. */
      code: {
        path: string
        /** Number of the first of `lines`. */
        startLine: number
        lines: string[]
        highlight: {
          startLine: number
          endLine: number
        }
      } | null
    }
    FindingGroups: {
      items: {
        key: string
        label: string
        count: number
        bySeverity: components['schemas']['SeverityCounts']
      }[]
    }
    ImportRequest: {
      source: {
        kind: "path"
        /** A folder or archive on the server. */
        path: string
      } | {
        kind: "git"
        url: string
        ref?: string
      }
      /** YAML that says which folder is which app. */
      manifest?: string
      /** A folder on the server with the code every model was given. */
      scaffold?: string
    }
    ImportResult: {
      apps: components['schemas']['App'][]
      skipped: {
        path: string
        reason: string
      }[]
    }
    IssuedKey: {
      id: string
      name: string
      role: "viewer" | "analyst" | "admin"
      /** The first characters, to recognise it by. */
      start: string
      createdAt: string
      lastUsedAt: string | null
      expiresAt: string | null
      /** Shown this once; only its digest is kept. */
      secret: string
    }
    Key: {
      id: string
      name: string
      role: "viewer" | "analyst" | "admin"
      /** The first characters, to recognise it by. */
      start: string
      createdAt: string
      lastUsedAt: string | null
      expiresAt: string | null
    }
    Matrix: {
      analyzers: {
        id: string
        title: string
        category: string
      }[]
      rows: {
        app: components['schemas']['App']
        cells: components['schemas']['Cell'][]
      }[]
      next: string | null
    }
    Member: {
      id: string
      userId: string
      name: string
      email: string
      role: "viewer" | "analyst" | "admin"
      createdAt: string
    }
    MetricSummary: {
      /** Null when no app of the model was fully measured. */
      median: number | null
      low: number | null
      high: number | null
      mean: number | null
      meanLow: number | null
      meanHigh: number | null
      /** Apps behind the numbers. */
      n: number
      perApp: {
        appId: string
        name: string
        value: number
      }[]
    }
    NewExecution: {
      agent: string
      /** As the `task` of the agent says. */
      task: unknown
    }
    NewKey: {
      name: string
      role: "viewer" | "analyst" | "admin"
      expiresInDays?: number
    }
    NewMember: {
      email: string
      name: string
      role: "viewer" | "analyst" | "admin"
      /** Without one, the member cannot sign in yet. */
      password?: string
    }
    NewStudy: {
      name: string
      apps: string[]
      /** Ids; without it, all that need no running app. */
      analyzers?: string[]
      /** Also start the apps, in the sandbox, and use the analyzers that need them running; default false. */
      run?: boolean
      /** How often every app is analysed; default 1. */
      repeats?: number
      /** Analyzer id → its options. */
      options?: { [key: string]: { [key: string]: unknown } }
      question?: string
    }
    OutcomeCounts: {
      completed: number
      not_applicable: number
      error: number
      timed_out: number
      cancelled: number
    }
    Problem: {
      /** `urn:assay:error:` and the code. */
      type: string
      title: string
      status: number
      /** What happened, with which input. */
      detail: string
      /** Stable, kebab-case. */
      code: string
      /** What to do next. */
      next?: string
      /** Find it in the log. */
      requestId: string
      /** One entry per field that was refused. */
      errors?: {
        path: string
        message: string
      }[]
    }
    Progress: {
      /** Analyses planned. */
      total: number
      finished: number
      /** Of the finished, answered from the cache. */
      cached: number
      byOutcome: components['schemas']['OutcomeCounts']
      perAnalyzer: ({
        analyzer: string
        total: number
        finished: number
        active: number
        medianMs: number | null
      })[]
      throughputPerSecond: number | null
      etaSeconds: number | null
    }
    Replay: {
      /** `error`: the attack could not be made, which says nothing about the app. */
      outcome: "proven" | "not_proven" | "error"
      reason: string
      /** The requests and answers that prove it anew. */
      exchanges: {
        purpose: string
        request: {
          method: string
          url: string
          headers: [string, string][]
          body?: string
        }
        response?: {
          status: number
          headers: [string, string][]
          body: string
          truncated: boolean
        }
        failure?: string
        milliseconds: number
      }[]
      observed: string[]
      durationMs: number
    }
    Session: {
      user: {
        id: string
        name: string
        email: string
      }
      workspace: {
        id: string
        name: string
      }
      role: "viewer" | "analyst" | "admin"
      /** `local`: the owner of this machine, without a password. */
      mode: "local" | "signed-in"
    }
    SeverityCounts: {
      critical: number
      high: number
      medium: number
      low: number
      info: number
    }
    Step: {
      /** From 1, without gaps. */
      number: number
      kind: "tool_call" | "note"
      /** Of the tool; for a note, what it is about. */
      name: string
      state: "started" | "finished" | "failed" | "interrupted"
      input: unknown
      /** Of a failed call its problem and message; null until it ended. */
      output: unknown
      attempts: number
      startedAt: string
      finishedAt: string | null
    }
    Study: {
      id: string
      name: string
      question: string | null
      state: "queued" | "running" | "completed" | "cancelled"
      createdAt: string
      startedAt: string | null
      finishedAt: string | null
      /** Name of the member. */
      createdBy: string
      repeats: number
      apps: number
      analyzers: string[]
      models: string[]
      progress: components['schemas']['Progress']
      findings: {
        /** Without those of low confidence. */
        total: number
        bySeverity: components['schemas']['SeverityCounts']
        /** Findings of low confidence, which do not count. */
        lowConfidence: number
      }
    }
    StudyEvent: {
      state: "queued" | "running" | "completed" | "cancelled"
    }
    System: {
      version: string
      node: string
      platform: string
      uptimeSeconds: number
      memoryMb: number
      database: {
        kind: "pglite" | "postgres"
        version: string
        sizeBytes: number
      }
      queue: {
        queued: number
        active: number
        failed: number
        deadLetters: {
          id: string
          queue: string
          error: string
          failedAt: string
          data: unknown
        }[]
      }
      workers: {
        id: string
        host: string
        pid: number
        lastSeen: string
        active: number
      }[]
      analyzers: components['schemas']['Analyzer'][]
      tools: {
        name: string
        found: boolean
        version?: string
        neededFor: string
        install: string
      }[]
    }
    Tool: {
      name: string
      description: string
      /** `none`, `reads`, `writes` or `executes`. */
      effects: string
      /** JSON Schema. */
      input: { [key: string]: unknown }
    }
    Triage: {
      state: "accepted" | "false_positive" | "open"
      reason: string
    }
  }
}

export type Agent = components['schemas']['Agent']
export type Analysis = components['schemas']['Analysis']
export type AnalysisEvent = components['schemas']['AnalysisEvent']
export type Analyzer = components['schemas']['Analyzer']
export type App = components['schemas']['App']
export type AppContent = components['schemas']['AppContent']
export type AppDetail = components['schemas']['AppDetail']
export type AppFile = components['schemas']['AppFile']
export type AuditEntry = components['schemas']['AuditEntry']
export type Cell = components['schemas']['Cell']
export type Comparison = components['schemas']['Comparison']
export type Execution = components['schemas']['Execution']
export type ExecutionEvent = components['schemas']['ExecutionEvent']
export type Finding = components['schemas']['Finding']
export type FindingDetail = components['schemas']['FindingDetail']
export type FindingGroups = components['schemas']['FindingGroups']
export type ImportRequest = components['schemas']['ImportRequest']
export type ImportResult = components['schemas']['ImportResult']
export type IssuedKey = components['schemas']['IssuedKey']
export type Key = components['schemas']['Key']
export type Matrix = components['schemas']['Matrix']
export type Member = components['schemas']['Member']
export type MetricSummary = components['schemas']['MetricSummary']
export type NewExecution = components['schemas']['NewExecution']
export type NewKey = components['schemas']['NewKey']
export type NewMember = components['schemas']['NewMember']
export type NewStudy = components['schemas']['NewStudy']
export type OutcomeCounts = components['schemas']['OutcomeCounts']
export type Problem = components['schemas']['Problem']
export type Progress = components['schemas']['Progress']
export type Replay = components['schemas']['Replay']
export type Session = components['schemas']['Session']
export type SeverityCounts = components['schemas']['SeverityCounts']
export type Step = components['schemas']['Step']
export type Study = components['schemas']['Study']
export type StudyEvent = components['schemas']['StudyEvent']
export type System = components['schemas']['System']
export type Tool = components['schemas']['Tool']
export type Triage = components['schemas']['Triage']
