"""The templates that the other generators need for the same pages: transcripts, topics, speakers, lists."""

from __future__ import annotations

_HEAD = '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{0}</title></head>\n<body>\n'
_MENU = (
    '<nav><a href="/">Home</a> <a href="/transcripts/">Transcripts</a> <a href="/topics/">Topics</a></nav>\n<main>\n'
)

HUGO = {
    "config.toml": (
        'baseURL = "https://example.org/archive/"\ntitle = "Archive"\n'
        'disableKinds = []\n[taxonomies]\ntopic = "topics"\nspeaker = "speakers"\n'
    ),
    "content/_index.md": "---\ntitle: Archive\n---\n",
    "layouts/_default/baseof.html": (
        _HEAD.format("{{ .Title }}") + _MENU + '{{ block "main" . }}{{ end }}\n</main>\n</body>\n</html>\n'
    ),
    "layouts/_default/single.html": (
        '{{ define "main" }}<h1>{{ .Title }}</h1><p>{{ .Date.Format "2 January 2006" }}, {{ .Params.place }}</p>\n'
        '<ul>{{ range .GetTerms "speakers" }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>\n'
        '<ul>{{ range .GetTerms "topics" }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>\n'
        "<article>{{ .Content }}</article>{{ end }}\n"
    ),
    "layouts/_default/list.html": (
        '{{ define "main" }}<h1>{{ .Title }}</h1><ul>{{ range .Pages }}'
        '<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>\n{{ end }}</ul>{{ end }}\n'
    ),
    "layouts/index.html": (
        '{{ define "main" }}<h1>{{ .Title }}</h1><ul>{{ range first 8 .Site.RegularPages }}'
        '<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>\n{{ end }}</ul>{{ end }}\n'
    ),
    "layouts/topics/term.html": (
        '{{ define "main" }}<h1>{{ .Title }}</h1>{{ $term := path.Base .Path }}{{ $term = path.Base .RelPermalink }}\n'
        "{{ range .Pages }}{{ $page := . }}{{ range .Params.notes }}{{ if in .topics $term }}"
        '<article><p><a href="{{ $page.RelPermalink }}#{{ .id }}">{{ .headline }}</a></p>'
        '<blockquote>{{ .quote }}</blockquote><p>{{ .speaker }}, <a href="{{ $page.RelPermalink }}">{{ $page.Title }}'
        '</a>, {{ $page.Date.Format "2 January 2006" }}</p></article>\n{{ end }}{{ end }}{{ end }}{{ end }}\n'
    ),
    "layouts/speakers/term.html": (
        '{{ define "main" }}<h1>{{ .Title }}</h1>{{ $term := path.Base .RelPermalink }}\n'
        "{{ range .Pages }}{{ $page := . }}{{ range .Params.notes }}{{ if eq .speaker $term }}"
        '<article><p><a href="{{ $page.RelPermalink }}#{{ .id }}">{{ .headline }}</a></p>'
        '<blockquote>{{ .quote }}</blockquote><p><a href="{{ $page.RelPermalink }}">{{ $page.Title }}</a>, '
        '{{ $page.Date.Format "2 January 2006" }}</p></article>\n{{ end }}{{ end }}{{ end }}{{ end }}\n'
    ),
}

ELEVENTY = {
    "package.json": '{"private": true, "type": "commonjs"}\n',
    ".eleventy.js": """\
const markdown = require("markdown-it")({ html: false }).use(require("markdown-it-footnote"));
module.exports = function (config) {
  config.setLibrary("md", markdown);
  const passages = (field) => (api) => {
    const found = {};
    for (const page of api.getFilteredByTag("transcripts"))
      for (const note of page.data.notes)
        for (const term of [].concat(note[field]))
          (found[term] ||= []).push({ note, url: page.url, title: page.data.title, date: page.date });
    return Object.entries(found).map(([id, lines]) => ({ id, lines }));
  };
  config.addCollection("byTopic", passages("topics"));
  config.addCollection("bySpeaker", passages("speaker"));
  config.addFilter("day", (date) => date.toISOString().slice(0, 10));
  return { markdownTemplateEngine: false };
};
""",
    "_includes/base.njk": (
        _HEAD.format("{{ title }}")
        + _MENU
        + "{% block main %}{{ content | safe }}{% endblock %}\n</main>\n</body>\n</html>\n"
    ),
    "_includes/transcript.njk": (
        "{% extends 'base.njk' %}{% block main %}<h1>{{ title }}</h1><p>{{ date | day }}, {{ place }}</p>\n"
        '<ul>{% for one in speakers %}<li><a href="/speakers/{{ one }}/">{{ names.speakers[one] }}</a></li>{% endfor %}</ul>\n'
        '<ul>{% for one in topics %}<li><a href="/topics/{{ one }}/">{{ names.topics[one] }}</a></li>{% endfor %}</ul>\n'
        "<article>{{ content | safe }}</article>{% endblock %}\n"
    ),
    "index.njk": (
        "---\nlayout: base.njk\ntitle: Archive\n---\n<ul>{% for one in collections.transcripts | reverse %}"
        '{% if loop.index <= 8 %}<li><a href="{{ one.url }}">{{ one.data.title }}</a></li>{% endif %}{% endfor %}</ul>\n'
    ),
    "transcripts/index.njk": (
        "---\nlayout: base.njk\ntitle: Transcripts\n---\n<ul>{% for one in collections.transcripts %}"
        '<li><a href="{{ one.url }}">{{ one.data.title }}</a></li>\n{% endfor %}</ul>\n'
    ),
    "topics.njk": (
        "---\nlayout: base.njk\ntitle: Topics\npermalink: /topics/index.html\n---\n<ul>{% for one in collections.byTopic %}"
        '<li><a href="/topics/{{ one.id }}/">{{ names.topics[one.id] }}</a></li>\n{% endfor %}</ul>\n'
    ),
    "topic.njk": (
        "---\nlayout: base.njk\npagination: {data: collections.byTopic, size: 1, alias: term}\n"
        "permalink: /topics/{{ term.id }}/index.html\n---\n<h1>{{ names.topics[term.id] }}</h1>{% for one in term.lines %}"
        '<article><p><a href="{{ one.url }}#{{ one.note.id }}">{{ one.note.headline }}</a></p><blockquote>{{ one.note.quote }}'
        '</blockquote><p>{{ one.note.speaker }}, <a href="{{ one.url }}">{{ one.title }}</a>, {{ one.date | day }}</p>'
        "</article>\n{% endfor %}\n"
    ),
    "speaker.njk": (
        "---\nlayout: base.njk\npagination: {data: collections.bySpeaker, size: 1, alias: term}\n"
        "permalink: /speakers/{{ term.id }}/index.html\n---\n<h1>{{ names.speakers[term.id] }}</h1>{% for one in term.lines %}"
        '<article><p><a href="{{ one.url }}#{{ one.note.id }}">{{ one.note.headline }}</a></p><blockquote>{{ one.note.quote }}'
        '</blockquote><p><a href="{{ one.url }}">{{ one.title }}</a>, {{ one.date | day }}</p></article>\n{% endfor %}\n'
    ),
}

_PELICAN_PAGE = _HEAD + _MENU + "{1}\n</main>\n</body>\n</html>\n"
_PELICAN_LIST = (
    '<h1>{0}</h1><ul>{{% for a in {1} %}}<li><a href="{{{{ SITEURL }}}}/{{{{ a.url }}}}">{{{{ a.title }}}}</a>, '
    "{{{{ a.locale_date }}}}</li>\n{{% endfor %}}</ul>"
)

PELICAN = {
    "settings.py": (
        "SITENAME = 'Archive'\nSITEURL = ''\nPATH = 'content'\nTIMEZONE = 'UTC'\nTHEME = 'theme'\n"
        "DEFAULT_PAGINATION = False\nFEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = None\n"
        "AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None\nDEFAULT_CATEGORY = 'transcripts'\n"
        "DIRECT_TEMPLATES = ['index', 'tags', 'authors']\n"
        "MARKDOWN = {'extensions': ['markdown.extensions.footnotes', 'markdown.extensions.meta'],"
        " 'output_format': 'html5'}\n"
        "ARTICLE_URL = 'transcripts/{slug}/'\nARTICLE_SAVE_AS = 'transcripts/{slug}/index.html'\n"
        "TAG_URL = 'topics/{slug}/'\nTAG_SAVE_AS = 'topics/{slug}/index.html'\n"
        "AUTHOR_URL = 'speakers/{slug}/'\nAUTHOR_SAVE_AS = 'speakers/{slug}/index.html'\n"
    ),
    "theme/static/site.css": "",
    "theme/templates/article.html": _PELICAN_PAGE.format(
        "{{ article.title }}",
        "<h1>{{ article.title }}</h1><p>{{ article.locale_date }}</p><ul>{% for one in article.authors %}"
        '<li><a href="{{ SITEURL }}/{{ one.url }}">{{ one }}</a></li>{% endfor %}</ul><ul>{% for one in article.tags %}'
        '<li><a href="{{ SITEURL }}/{{ one.url }}">{{ one }}</a></li>{% endfor %}</ul><article>{{ article.content }}</article>',
    ),
    "theme/templates/index.html": _PELICAN_PAGE.format("Archive", _PELICAN_LIST.format("Archive", "articles")),
    "theme/templates/tag.html": _PELICAN_PAGE.format("{{ tag }}", _PELICAN_LIST.format("{{ tag }}", "articles")),
    "theme/templates/author.html": _PELICAN_PAGE.format(
        "{{ author }}", _PELICAN_LIST.format("{{ author }}", "articles")
    ),
    "theme/templates/category.html": _PELICAN_PAGE.format(
        "Transcripts", _PELICAN_LIST.format("Transcripts", "articles")
    ),
    "theme/templates/tags.html": _PELICAN_PAGE.format(
        "Topics",
        '<ul>{% for one, pages in tags %}<li><a href="{{ SITEURL }}/{{ one.url }}">{{ one }}</a></li>{% endfor %}</ul>',
    ),
    "theme/templates/authors.html": _PELICAN_PAGE.format(
        "Speakers",
        '<ul>{% for one, pages in authors %}<li><a href="{{ SITEURL }}/{{ one.url }}">{{ one }}</a></li>{% endfor %}</ul>',
    ),
}
