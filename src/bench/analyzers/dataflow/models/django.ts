import type { Model } from './model.ts'

/** Django and its REST framework. Sources: docs.djangoproject.com (HttpRequest, HttpResponse, raw SQL, utils.html), django-rest-framework.org. */
export const django: Model = {
  sources: [
    {
      names: ['django.Request.GET', 'django.Request.query_params'],
      input: 'the query string',
      without: ['nosql', 'property'],
    },
    { names: ['django.Request.POST'], input: 'a form field', without: ['nosql', 'property'] },
    { names: ['django.Request.COOKIES'], input: 'a cookie', without: ['structure'] },
    {
      names: ['django.Request.META', 'django.Request.headers'],
      input: 'a request header',
      without: ['structure', 'header'],
    },
    { names: ['django.Request.body', 'django.Request.data', 'django.Request.read'], input: 'the request body' },
    { names: ['django.Request.FILES'], input: 'an uploaded file', without: ['path'] },
    {
      names: [
        'django.Request.path',
        'django.Request.path_info',
        'django.Request.get_full_path',
        'django.Request.build_absolute_uri',
      ],
      input: 'the path of the address',
      without: ['structure', 'redirect-host', 'header'],
    },
    { names: ['django.Segment'], input: 'the path of the address', without: ['structure', 'path', 'redirect', 'ssrf'] },
  ],
  sinks: [
    {
      names: [
        'django.http.HttpResponse',
        'django.http.response.HttpResponse',
        'django.http.HttpResponseBadRequest',
        'django.http.HttpResponseNotFound',
      ],
      rule: 'cross-site-scripting',
      kinds: ['html'],
      arguments: [[0, 'content']],
      when: [{ argument: [1, 'content_type'], given: false }],
      fix: 'Render a template with render(), or build the page with format_html.',
    },
    {
      names: ['django.http.HttpResponse'],
      rule: 'cross-site-scripting',
      kinds: ['html'],
      arguments: [[0, 'content']],
      when: [{ argument: [1, 'content_type'], matches: /html|svg/i }],
    },
    {
      names: ['django.utils.safestring.mark_safe', 'django.utils.safestring.SafeString', 'django.utils.html.mark_safe'],
      rule: 'cross-site-scripting',
      kinds: ['html'],
      arguments: [0],
      fix: 'Build the page with format_html, which escapes its arguments.',
    },
    { names: ['django.utils.html.format_html'], rule: 'cross-site-scripting', kinds: ['html'], arguments: [0] },
    {
      names: [
        'django.shortcuts.redirect',
        'django.http.HttpResponseRedirect',
        'django.http.HttpResponsePermanentRedirect',
      ],
      rule: 'open-redirect',
      kinds: ['redirect'],
      arguments: [0],
      fix: 'Check the address with url_has_allowed_host_and_scheme first.',
    },
    {
      names: [
        'django.db.connection.cursor().execute',
        'django.db.connections[].cursor().execute',
        '*.objects.raw',
        '*.objects.extra',
        'django.db.models.expressions.RawSQL',
        'django.db.models.RawSQL',
      ],
      rule: 'sql-injection',
      kinds: ['sql'],
      arguments: [0],
    },
    {
      names: ['*.objects.extra', '*.objects.*.extra'],
      rule: 'sql-injection',
      kinds: ['sql'],
      arguments: ['where', 'select', 'order_by', 'tables'],
      deep: true,
    },
    {
      names: ['django.template.Template', 'django.template.engines[].from_string'],
      rule: 'template-injection',
      kinds: ['template'],
      arguments: [0],
    },
    { names: ['django.http.FileResponse'], rule: 'path-traversal', kinds: ['path'], arguments: [0] },
    {
      names: ['django.http.HttpResponse()[]='],
      rule: 'header-injection',
      kinds: ['header'],
      arguments: [0],
      // Django refuses line ends in headers (BadHeaderError).
      confidence: 'low',
    },
  ],
  sanitizers: [
    {
      names: [
        'django.utils.html.escape',
        'django.utils.html.conditional_escape',
        'django.utils.html.strip_tags',
        'django.utils.html.format_html',
        'django.utils.safestring.mark_safe',
      ],
      removes: ['html', 'xml'],
    },
    {
      names: ['django.utils.text.get_valid_filename', 'django.utils.text.slugify'],
      removes: ['path', 'html', 'sql', 'shell', 'url', 'header', 'log'],
    },
    { names: ['django.urls.reverse'], removes: ['all'] },
    { names: ['django.utils._os.safe_join'], removes: ['path'] },
  ],
  guards: [
    {
      names: ['django.utils.http.url_has_allowed_host_and_scheme', 'django.utils.http.is_safe_url'],
      argument: 0,
      removes: ['redirect', 'ssrf', 'script-url'],
    },
  ],
  conventions: [
    {
      names: [/^request$/],
      types: ['django.Request'],
      within: /^\s*(?:from|import)\s+(?:django|rest_framework)\b/m,
      others: 'django.Segment',
    },
  ],
  clean: ['django.shortcuts.get_object_or_404', '*.objects.*', 'django.shortcuts.render', 'django.http.*'],
}
