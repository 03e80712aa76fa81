"""A run's report in, text out: the alert text, JSON of the contract, Markdown.

Enters: RunReport and findings. Leaves: strings, with secrets masked and hostile text made harmless. Nothing is printed
or written here. The only room that knows jinja2.
"""
