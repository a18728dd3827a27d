"""Examples of directives, which a page shows as text and which must not be drawn.

Each is a Markdown text with `FENCE` or `IMAGE` in place of a directive. All lines of a fence get
the indentation and quote marks before `FENCE`.
"""

import re

FENCE = "```gemini-image\nprompt: A fox\nalt: A fox\n```"
IMAGE = '![A fox](gemini: "A fox, ink"){ aspect_ratio=4:3 }'

EXAMPLES = {
    "a longer fence": "````\nFENCE\n````",
    "a longer fence with a language": "````markdown\nFENCE\n````",
    "a much longer fence": "````````md\nFENCE\n````````",
    "a longer fence with braces": "````{ .markdown }\nFENCE\n````",
    "a longer fence with a title": '````markdown title="x"\nFENCE\n````',
    "a longer fence amid text": "text\n````markdown\nFENCE\n````\ntext",
    "a longer fence with blank lines inside": "````markdown\n\nFENCE\n\nFENCE\n\n````",
    "a tilde fence": "~~~\nFENCE\n~~~",
    "a tilde fence with a language": "~~~ markdown\nFENCE\n~~~",
    "a longer tilde fence around tildes": "~~~~~\n~~~gemini-image\nprompt: A fox\n~~~\n~~~~~",
    "backticks around tildes": "```markdown\n~~~gemini-image\nprompt: A fox\n~~~\n```",
    "tildes around braces": '~~~md\n```{ .gemini-image alt="A fox" }\nA fox\n```\n~~~',
    "an image in a fence": "```markdown\nIMAGE\n```",
    "an image in a fence without language": "```\nIMAGE\n```",
    "an image in a tilde fence": "~~~\nIMAGE\n~~~",
    "a definition in a fence": '```\n![A fox][fox]\n\n[fox]: gemini: "A fox"\n```',
    "indented code": "text\n\n    FENCE\n\ntext",
    "indented code first": "    FENCE",
    "more deeply indented code": "text\n\n        FENCE\n",
    "indented code with braces": (
        'text\n\n    ```{ .gemini-image alt="A fox" #fox .wide }\n    A fox\n    ```\n'
    ),
    "an image in indented code": "text\n\n    IMAGE\n",
    "two in one indented code": "text\n\n    FENCE\n\n    FENCE\n",
    "indented code between text in code": "text\n\n    before\n    FENCE\n    after\n",
    "tabs as indentation": "text\n\n\t```gemini-image\n\tprompt: A fox\n\t```\n",
    "indented code in a list": "- item\n\n        FENCE\n",
    "indented code in an ordered list": "1. item\n\n        FENCE\n\n2. item\n",
    "indented code in a quote": "> text\n>\n>     FENCE\n",
    "indented code in an admonition": "!!! note\n\n        FENCE\n",
    "indented code in a definition": "term\n:   text\n\n        FENCE\n",
    "indented code in a footnote": "text[^1]\n\n[^1]:\n    text\n\n        FENCE\n",
    "a code span": "text `IMAGE` text",
    "a code span alone": "`IMAGE`",
    "a longer code span": "text ``IMAGE`` text",
    "a spaced code span": "text `` ` IMAGE ` `` text",
    "a code span of four": "````IMAGE````",
    "four backticks unmatched": "text ````IMAGE`` text",
    "a fence's opener as a code span": "write ```` ```gemini-image ```` at the start",
    "a fence's name as a code span": "the `gemini-image` fence",
    "a code span over two lines": 'text `![A fox](gemini:\n"A fox")` text',
    "a code span in a list": "- `IMAGE`\n- text",
    "a code span in a heading": "# `IMAGE`",
    "a code span in a table": "| a | b |\n|---|---|\n| `IMAGE` | text |",
    "a code span with a language": '`#!md ![A fox](gemini: "A fox")`',
    "an HTML comment": "text\n\n<!--\nFENCE\n-->\n\ntext",
    "an HTML comment on one line": "text <!-- IMAGE --> text",
    "an HTML comment with blank lines": "<!--\n\nFENCE\n\nIMAGE\n\n-->",
    "an HTML comment in a list": "- item\n\n    <!--\n    FENCE\n    -->\n",
    "pre": "<pre>\nFENCE\n</pre>",
    "pre with an image": "<pre>\nIMAGE\n</pre>",
    "pre and code": "<pre><code>\nFENCE\n</code></pre>",
    "script": "<script>\nlet x = `\nFENCE\n`;\n</script>",
    "style": "<style>\n/*\nFENCE\n*/\n</style>",
    "textarea": "<textarea>\nFENCE\n</textarea>",
    "a raw div": "<div>\nFENCE\n</div>",
    "a raw div with an image": "<div>\nIMAGE\n</div>",
    "raw pre in a list": "- item\n\n    <pre>\n    FENCE\n    </pre>\n",
    "raw pre with an image in a list": "- item\n\n    <pre>IMAGE</pre>\n",
    "raw code in a table": '| a | b |\n|---|---|\n| <code>![](gemini: "A fox")</code> | b |',
    "raw code in text": "*text* <code>*a* IMAGE</code> text <kbd>IMAGE</kbd>",
    "raw code and an entity": 'text <code>!&#91;A fox](gemini: "A fox")</code>',
    "a shown fence in a list": "- item\n\n    ````markdown\n    FENCE\n    ````\n",
    "a shown fence in a tight list": "- item\n  ````markdown\n  FENCE\n  ````\n- item",
    "a shown fence in an ordered list": "1. item\n\n    ````markdown\n    FENCE\n    ````\n\n2. b",
    "a shown fence in a nested list": "- a\n    - b\n\n        ````\n        FENCE\n        ````\n",
    "a shown fence in a quote": "> ````markdown\n> FENCE\n> ````\n",
    "a shown fence in a quoted list": "> - a\n>\n>     ````\n>     FENCE\n>     ````\n",
    "a shown fence in an admonition": "!!! note\n\n    ````markdown\n    FENCE\n    ````\n",
    "a shown fence in details": '??? note "x"\n\n    ````markdown\n    FENCE\n    ````\n',
    "a shown fence in tabs": '=== "A"\n\n    ````markdown\n    FENCE\n    ````\n\n=== "B"\n\n    b',
    "a shown fence in a definition": "term\n:   text\n\n    ````markdown\n    FENCE\n    ````\n",
    "a shown fence in a footnote": "text[^1]\n\n[^1]:\n    ````markdown\n    FENCE\n    ````\n",
    "a shown fence in md_in_html": '<div markdown="1">\n\n````markdown\nFENCE\n````\n\n</div>',
    "a shown image in a quote": "> ```\n> IMAGE\n> ```\n",
    "an escaped image": r"\![A fox](gemini&#58; 'A fox')" + "\n\n" + r'\![A fox](gemini: "A fox")',
    "an escaped bracket": r'!\[A fox](gemini: "A fox")',
    "escaped brackets": r'!\[A fox\]\(gemini: "A fox"\)',
    "a mark in code before a link": '`!`[A fox](gemini: "A fox")',
    "escaped backticks": "\\`\\`\\`gemini-image\nprompt: A fox\n\\`\\`\\`",
    "a fence in a fence of another language": "```python\nx = '''\n~~~gemini-image\n~~~\n'''\n```",
    "another fence that names us": "```python\n# gemini-image\n```",
    "a diagram's fence": "```mermaid\ngraph LR\n  a --> gemini-image\n```",
    "a title that names us": '```yaml title="gemini-image"\nplugins: [gemini-images]\n```',
    "prose": "Gemini: the model. It is called gemini: x, or `gemini:`.\n\nSee [a](gemini://a.b/c).",
    "a plain image": '![A fox](fox.png "A fox, not gemini: at all")',
    "a fence without an end in a comment": "<!--\n```gemini-image\nprompt: A fox\n-->",
    "other fences beside comments": "<!--\nFENCE\n-->\n\n```python\nx = 1\n```\n\ntext `gemini:`",
}

# fenced_code puts blank lines around what it takes for a fence, and ends the code span with them.
SUPERFENCES_ONLY = {
    "a code span around a fence": "text `a\nFENCE\nb` text",
    "a code span around a fence in a list": "- text `a\n  FENCE\n  b` text",
    "two back-ticks around a fence": "``a\nFENCE\nb``",
    "an outer fence without an end": "````markdown\nFENCE\n\ntext",
}


def text(example: str) -> str:
    """Return an example with its directives."""
    return re.sub(
        r"^(?P<lead>[> ]*)FENCE$",
        lambda found: "\n".join(found["lead"] + line for line in FENCE.splitlines()),
        example,
        flags=re.MULTILINE,
    ).replace("IMAGE", IMAGE)
