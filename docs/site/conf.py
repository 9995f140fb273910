"""Settings of the site. What can be asked of the program is not written down: generated.py asks it."""

import sys
from pathlib import Path

import tauspike

sys.path.insert(0, str(Path(__file__).parent))

import generated

project = "tauspike"
author = "the tauspike authors"
copyright = author
version = release = tauspike.__version__
extensions = ["myst_parser", "autoapi.extension", "sphinx.ext.napoleon", "sphinx.ext.viewcode", "mathml"]
html_math_renderer = "mathml"
default_role = "py:obj"
myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 3
myst_links_external_new_tab = False
highlight_language = "text"
# Reads sources and stubs instead of importing them; reference/python.md says what is shown.
autoapi_dirs = ["../../python/tauspike"]
autoapi_generate_api_docs = False
autoapi_member_order = "bysource"
autoapi_options = ["members", "imported-members", "show-inheritance"]
python_use_unqualified_type_names = True
napoleon_google_docstring = False
napoleon_use_ivar = True
html_theme = "furo"
html_title = "tauspike"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_theme_options = {"navigation_with_keys": True}
pygments_style = "friendly"
pygments_dark_style = "github-dark"


def setup(app):
    generated.write(Path(app.srcdir).parents[1] / "target" / "site-generated")
