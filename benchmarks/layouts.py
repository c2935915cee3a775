"""The templates that the other generators need for the same pages: transcripts, topics, speakers, lists.

Feeds are limited to one for the site, as sitegen makes it.
"""

from __future__ import annotations

_HEAD = '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{0}</title></head>\n<body>\n'
_MENU = (
    '<nav><a href="/">Home</a> <a href="/transcripts/">Transcripts</a> <a href="/topics/">Topics</a>'
    ' <a href="/speakers/">Speakers</a></nav>\n<main>\n'
)
_END = "\n</main>\n</body>\n</html>\n"

_HUGO_PASSAGE = (
    '<article><p><a href="{{ $page.RelPermalink }}#{{ .anchor }}">{{ .headline }}</a></p>'
    '<blockquote>{{ .quote }}</blockquote><p>{{ .name }}, <a href="{{ $page.RelPermalink }}">{{ $page.Title }}</a>,'
    ' {{ $page.Date.Format "2 January 2006" }}</p></article>\n'
)


def _hugo_term(condition: str) -> str:
    return (
        '{{ define "main" }}<h1>{{ .Title }}</h1>{{ $term := path.Base .RelPermalink }}\n'
        "{{ range .Pages }}{{ $page := . }}{{ range .Params.notes }}{{ if "
        + condition
        + " }}"
        + _HUGO_PASSAGE
        + "{{ end }}{{ end }}{{ end }}{{ end }}\n"
    )


HUGO = {
    "config.toml": (
        'baseURL = "https://example.org/"\ntitle = "Archive"\n[taxonomies]\ntopic = "topics"\nspeaker = "speakers"\n'
        '[outputs]\nsection = ["html"]\ntaxonomy = ["html"]\nterm = ["html"]\n'
    ),
    "content/_index.md": "---\ntitle: Archive\n---\n",
    "layouts/_default/baseof.html": _HEAD.format("{{ .Title }}") + _MENU + '{{ block "main" . }}{{ end }}' + _END,
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
    "layouts/topics/term.html": _hugo_term("in .topics $term"),
    "layouts/speakers/term.html": _hugo_term("eq .speaker $term"),
}


def _eleventy_list(collection: str, kind: str) -> str:
    return (
        f"{{% set title = '{kind.capitalize()}' %}}{{% extends 'base.njk' %}}{{% block main %}}<h1>{{{{ title }}}}</h1><ul>"
        f'{{% for one in collections.{collection} %}}<li><a href="/{kind}/{{{{ one.id }}}}/">'
        f"{{{{ names.{kind}[one.id] }}}}</a></li>\n{{% endfor %}}</ul>{{% endblock %}}\n"
    )


def _eleventy_term(collection: str, kind: str) -> str:
    return (
        f"---\npagination: {{data: collections.{collection}, size: 1, alias: term}}\n"
        f"permalink: /{kind}/{{{{ term.id }}}}/index.html\n---\n"
        f"{{% set title = names.{kind}[term.id] %}}{{% extends 'base.njk' %}}{{% block main %}}<h1>{{{{ title }}}}</h1>"
        '{% for one in term.lines %}<article><p><a href="{{ one.url }}#{{ one.note.anchor }}">{{ one.note.headline }}</a>'
        "</p><blockquote>{{ one.note.quote }}</blockquote><p>{{ one.note.name }},"
        ' <a href="{{ one.url }}">{{ one.title }}</a>, {{ one.date | day }}</p></article>\n{% endfor %}{% endblock %}\n'
    )


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
    "_includes/base.njk": _HEAD.format("{{ title }}") + _MENU + "{% block main %}{% endblock %}" + _END,
    "_includes/transcript.njk": (
        "{% extends 'base.njk' %}{% block main %}<h1>{{ title }}</h1><p>{{ date | day }}, {{ place }}</p>\n"
        '<ul>{% for one in speakers %}<li><a href="/speakers/{{ one }}/">{{ names.speakers[one] }}</a></li>{% endfor %}</ul>\n'
        '<ul>{% for one in topics %}<li><a href="/topics/{{ one }}/">{{ names.topics[one] }}</a></li>{% endfor %}</ul>\n'
        "<article>{{ content | safe }}</article>{% endblock %}\n"
    ),
    "index.njk": (
        "---\ntitle: Archive\n---\n{% extends 'base.njk' %}{% block main %}<h1>{{ title }}</h1><ul>"
        "{% for one in collections.transcripts | reverse %}{% if loop.index <= 8 %}"
        '<li><a href="{{ one.url }}">{{ one.data.title }}</a></li>{% endif %}{% endfor %}</ul>{% endblock %}\n'
    ),
    "transcripts/index.njk": (
        "---\ntitle: Transcripts\n---\n{% extends 'base.njk' %}{% block main %}<h1>{{ title }}</h1><ul>"
        '{% for one in collections.transcripts %}<li><a href="{{ one.url }}">{{ one.data.title }}</a></li>\n{% endfor %}'
        "</ul>{% endblock %}\n"
    ),
    "topics/index.njk": _eleventy_list("byTopic", "topics"),
    "speakers/index.njk": _eleventy_list("bySpeaker", "speakers"),
    "topic.njk": _eleventy_term("byTopic", "topics"),
    "speaker.njk": _eleventy_term("bySpeaker", "speakers"),
}


def _pelican_page(title: str, body: str) -> str:
    return _HEAD.format(title) + _MENU + f"<h1>{title}</h1>{body}" + _END


def _pelican_links(loop: str, link: str) -> str:
    return f'<ul>{{% for {loop} %}}<li><a href="/{{{{ one.url }}}}">{{{{ {link} }}}}</a></li>\n{{% endfor %}}</ul>'


def _pelican_passages(condition: str) -> str:
    return (
        "{% for one in articles %}{% for note in one.notes | passages if " + condition + " %}"
        '<article><p><a href="/{{ one.url }}#{{ note.anchor }}">{{ note.headline }}</a></p>'
        '<blockquote>{{ note.quote }}</blockquote><p>{{ note.name }}, <a href="/{{ one.url }}">{{ one.title }}</a>,'
        " {{ one.locale_date }}</p></article>\n{% endfor %}{% endfor %}"
    )


PELICAN = {
    "settings.py": """\
from functools import cache
from json import loads

SITENAME = "Archive"
SITEURL = ""
PATH = "content"
TIMEZONE = "UTC"
THEME = "theme"
DEFAULT_DATE_FORMAT = "%-d %B %Y"
DEFAULT_PAGINATION = False
FEED_ALL_ATOM = "feed.xml"
CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
FEED_DOMAIN = "https://example.org"
FEED_MAX_ITEMS = 20
MARKDOWN = {"extensions": ["markdown.extensions.footnotes", "markdown.extensions.meta"], "output_format": "html5"}
JINJA_FILTERS = {"passages": cache(loads)}
DIRECT_TEMPLATES = ["index", "archives", "tags", "authors"]
ARTICLE_URL, ARTICLE_SAVE_AS = "transcripts/{slug}/", "transcripts/{slug}/index.html"
TAG_URL, TAG_SAVE_AS = "topics/{slug}/", "topics/{slug}/index.html"
AUTHOR_URL, AUTHOR_SAVE_AS = "speakers/{slug}/", "speakers/{slug}/index.html"
ARCHIVES_SAVE_AS, TAGS_SAVE_AS, AUTHORS_SAVE_AS = (f"{kind}/index.html" for kind in ("transcripts", "topics", "speakers"))
CATEGORY_SAVE_AS = ""
""",
    "theme/static/site.css": "",
    "theme/templates/article.html": _pelican_page(
        "{{ article.title }}",
        "<p>{{ article.locale_date }}, {{ article.place }}</p>\n"
        + _pelican_links("one in article.authors", "one")
        + _pelican_links("one in article.tags", "one")
        + "<article>{{ article.content }}</article>",
    ),
    "theme/templates/index.html": _pelican_page("Archive", _pelican_links("one in articles[:8]", "one.title")),
    "theme/templates/archives.html": _pelican_page("Transcripts", _pelican_links("one in articles", "one.title")),
    "theme/templates/tags.html": _pelican_page("Topics", _pelican_links("one, _ in tags", "one")),
    "theme/templates/authors.html": _pelican_page("Speakers", _pelican_links("one, _ in authors", "one")),
    "theme/templates/tag.html": _pelican_page("{{ tag }}", _pelican_passages("tag.slug in note.topics")),
    "theme/templates/author.html": _pelican_page("{{ author }}", _pelican_passages("note.speaker == author.slug")),
}
