"""What schemathesis takes for the formats of our OpenAPI document: cursors as given, categories that models have."""

import schemathesis
from hypothesis import strategies as st

from radiant.api.resources.catalog import cursor_of
from radiant.domain.fact import ConflictPlace
from radiant.domain.vocabulary import Category

_WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)

schemathesis.openapi.format(
    "cursor",
    st.builds(cursor_of, st.builds(ConflictPlace, st.booleans(), st.none() | st.floats(0, 1), _WORDS, _WORDS, _WORDS)),
)

schemathesis.openapi.format("category", st.sampled_from([it.value for it in Category]))
