import pytest

pytest.register_assert_rewrite("tests.e2e.visitor", "tests.e2e.steps", "tests.e2e.hands")
