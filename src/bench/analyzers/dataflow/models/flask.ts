import type { Model } from './model.ts'

const textOnly = ['nosql', 'property'] as const

/**
 * Flask, Werkzeug, Jinja2, MarkupSafe. Sources: flask.palletsprojects.com (API: request, responses, url_for, redirect,
 * send_file), werkzeug.palletsprojects.com (utils, datastructures), jinja.palletsprojects.com (API).
 */
export const flask: Model = {
  sources: [
    { names: ['flask.request.args', 'flask.request.query_string'], input: 'the query string', without: textOnly },
    { names: ['flask.request.form'], input: 'a form field', without: textOnly },
    { names: ['flask.request.values'], input: 'a form field or the query string', without: textOnly },
    { names: ['flask.request.cookies'], input: 'a cookie', without: textOnly },
    {
      names: [
        'flask.request.headers',
        'flask.request.user_agent',
        'flask.request.referrer',
        'flask.request.host',
        'flask.request.authorization',
      ],
      input: 'a request header',
      without: [...textOnly, 'header'],
    },
    {
      names: [
        'flask.request.json',
        'flask.request.data',
        'flask.request.stream',
        'flask.request.get_json',
        'flask.request.get_data',
      ],
      input: 'the request body',
    },
    { names: ['flask.request.files'], input: 'an uploaded file' },
    {
      names: [
        'flask.request.view_args',
        'flask.request.path',
        'flask.request.full_path',
        'flask.request.url',
        'flask.request.base_url',
      ],
      input: 'the path of the address',
      without: textOnly,
    },
  ],
  sinks: [
    {
      names: ['flask.redirect', 'werkzeug.utils.redirect'],
      rule: 'open-redirect',
      kinds: ['redirect'],
      arguments: [[0, 'location']],
    },
    {
      names: [
        'flask.render_template_string',
        'jinja2.Template',
        'jinja2.Environment().from_string',
        'jinja2.environment.escaping.from_string',
        'flask.Flask().jinja_env.from_string',
        'flask.current_app.jinja_env.from_string',
        'mako.template.Template',
      ],
      rule: 'template-injection',
      kinds: ['template'],
      arguments: [[0, 'source']],
    },
    {
      names: ['flask.send_file', 'werkzeug.utils.send_file'],
      rule: 'path-traversal',
      kinds: ['path'],
      arguments: [[0, 'path_or_file', 'filename_or_fp']],
    },
    { names: ['flask.send_from_directory'], rule: 'path-traversal', kinds: ['path'], arguments: [0] },
    {
      names: ['flask.Markup', 'markupsafe.Markup', 'jinja2.Markup'],
      rule: 'cross-site-scripting',
      kinds: ['html'],
      arguments: [0],
    },
    {
      names: ['flask.request.files[].save', 'flask.request.files.*.save', 'flask.request.files.*().save', '?.save'],
      rule: 'path-traversal',
      kinds: ['path'],
      arguments: [0],
    },
    {
      names: ['flask.make_response', 'flask.Response', 'flask.jsonify', 'werkzeug.wrappers.Response'].flatMap(
        (name) => [`${name}().headers.Location=`, `${name}().location=`],
      ),
      rule: 'open-redirect',
      kinds: ['redirect'],
      arguments: [0],
    },
    {
      names: ['flask.make_response().headers[]=', 'flask.Response().headers[]=', 'flask.jsonify().headers[]='],
      rule: 'header-injection',
      kinds: ['header'],
      arguments: [0],
      // Werkzeug refuses line ends in values since 0.9.
      confidence: 'low',
    },
  ],
  sanitizers: [
    {
      names: ['werkzeug.utils.secure_filename', 'werkzeug.secure_filename'],
      removes: ['path', 'shell', 'sql', 'html', 'url', 'header', 'log'],
    },
    { names: ['werkzeug.security.safe_join', 'werkzeug.utils.safe_join', 'flask.safe_join'], removes: ['path'] },
    {
      names: ['flask.escape', 'markupsafe.escape', 'bleach.clean', 'nh3.clean', 'bleach.linkify'],
      removes: ['html', 'xml'],
    },
    { names: ['flask.url_for'], removes: ['all'] },
    // Reported where it is made; what comes out is not reported again.
    { names: ['flask.Markup', 'markupsafe.Markup'], removes: ['html'] },
    { names: ['flask.jsonify'], removes: ['html'] },
    // What a template prints without escaping is reported in the template, a template made of outside text where it is compiled.
    {
      names: [
        'flask.render_template',
        'flask.render_template_string',
        'jinja2.Template().render',
        'jinja2.Environment().from_string().render',
        'jinja2.Environment().get_template().render',
        'jinja2.environment.escaping.get_template().render',
        'jinja2.environment.escaping.from_string().render',
      ],
      removes: ['html'],
    },
    {
      names: ['flask.Response', 'flask.make_response', 'werkzeug.wrappers.Response'],
      removes: ['html'],
      when: [{ argument: ['mimetype', 'content_type'], matches: /^(?!.*(?:html|svg|xml))/i }],
    },
  ],
  // The usual names of a check that is not in sight, from snippets of the Flask documentation and their descendants.
  guards: [
    {
      names: ['is_safe_url', 'is_safe_redirect_url', 'is_safe_redirect', 'url_has_allowed_host_and_scheme'].map(
        (name) => `*${name}`,
      ),
      argument: 0,
      removes: ['redirect', 'redirect-host', 'ssrf', 'script-url'],
    },
  ],
  // Names that nothing in the file defines: parts of programs, and modules filled by others.
  types: [
    { names: ['app'], is: 'flask.Flask()' },
    ...[
      ...['request', 'session', 'current_app', 'redirect', 'abort', 'jsonify', 'make_response', 'render_template'],
      ...['render_template_string', 'send_file', 'send_from_directory', 'url_for'],
    ].map((name) => ({ names: [name], is: `flask.${name}` })),
  ],
  passes: [{ names: ['flask.make_response', 'flask.Response', 'werkzeug.wrappers.Response'], arguments: [0] }],
  clean: [
    'flask.send_file',
    'flask.send_from_directory',
    'flask.redirect',
    'flask.flash',
    'flask.session.pop',
    'werkzeug.security.generate_password_hash',
    'werkzeug.security.check_password_hash',
  ],
  returns: [
    {
      names: ['jinja2.Environment'],
      when: [{ argument: 'autoescape', matches: /^(?!false$)/i, unknown: true }],
      is: 'jinja2.environment.escaping',
    },
  ],
  ends: ['flask.abort', 'werkzeug.exceptions.abort'],
  entries: [
    {
      names: [
        'flask.Flask().route()',
        'flask.Blueprint().route()',
        'flask.Flask().get()',
        'flask.Flask().post()',
        'flask.Flask().put()',
        'flask.Flask().delete()',
        'flask.Flask().patch()',
        'flask.Blueprint().get()',
        'flask.Blueprint().post()',
        'flask.Blueprint().put()',
        'flask.Blueprint().delete()',
        'flask.Blueprint().patch()',
        '?.route()',
      ],
      parameters: { by: 'path' },
      returns: 'page',
    },
    {
      names: ['flask.Flask().add_url_rule', 'flask.Blueprint().add_url_rule'],
      parameters: { by: 'path' },
      returns: 'page',
      functions: [2, 'view_func'],
    },
    {
      names: [
        'flask.Flask().before_request',
        'flask.Blueprint().before_request',
        'flask.Flask().errorhandler()',
        'flask.Flask().before_request()',
      ],
      parameters: { by: 'path' },
      returns: 'page',
    },
  ],
}
