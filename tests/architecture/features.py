"""The ids of the product description's features."""

FEATURES = frozenset(
    f"{letter}{number}"
    for letter, last in {
        "P": 18, "G": 5, "A": 17, "D": 19, "M": 10, "N": 4, "O": 14, "L": 6,
        "S": 7, "F": 10, "X": 8, "U": 6, "I": 6,
    }.items()
    for number in range(1, last + 1)
)  # fmt: skip
