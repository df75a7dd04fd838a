"""Tests; their helpers say as much as they do when an assertion fails.

This is asked before any of them is imported: some are plugins of pytest and helpers of others. It
is too late for this file itself, which asserts nothing: PYTEST_DONT_REWRITE.
"""

import pytest

pytest.register_assert_rewrite("tests")
