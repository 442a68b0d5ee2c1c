"""The page with a wrong VJP planted in tanh: the slope 1 + y² in the place of 1 − y². For test_check_browser.py."""

from graphlab.app import main
from graphlab.ops import registry

object.__setattr__(registry["tanh"], "vjps", (lambda g, y, a: g * (1 + y * y),))
main()
