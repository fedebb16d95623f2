"""The figures that a volume is made to. Each says its source; "chosen" stands where none is published.

"STATISTICS" is the collection of published figures (Proba 2022-9 and Nav's launch figures), section 3.
Shares are fractions of one, times are minutes unless a name says otherwise.
"""

from dap.people.enums import Benefit, Level
from dap.plan.enums import ActivityType

# Who they are: the end of the worst month (STATISTICS section 1: 340,000 before, 650,000 after).
ORDINARY = 0.52
"""Share of ordinary people; the others came with the surge of the last two months."""
MEN_ORDINARY, MEN_SURGE = 0.50, 0.56
"""STATISTICS ch. 8."""
IMMIGRANTS_ORDINARY, IMMIGRANTS_SURGE = 0.31, 0.29
"""STATISTICS ch. 8."""
LANGUAGES = {"nb": 0.965, "nn": 0.025, "en": 0.01}
"""As in the demo's stories."""
INTERPRETER = 0.15
"""Share of immigrants who need one. Chosen."""

STANDARD = (Level.STANDARD, Level.SITUATIONAL)
LEVELS_ORDINARY = {
    Level.STANDARD: 0.20,
    Level.SITUATIONAL: 0.17,
    Level.SPECIAL: 0.36,
    Level.SICK_EMPLOYED: 0.08,
    Level.SICK_UNEMPLOYED: 0.05,
    Level.PERMANENT: 0.13,
    Level.NOT_ASSESSED: 0.004,
    Level.NEEDS_ASSESSMENT: 0.004,
    Level.OTHER: 0.002,
}
"""STATISTICS ch. 8: over a third standard or situational, over a third specially adapted, 13 % and 13 %."""
LEVELS_SURGE = {Level.STANDARD: 0.57, Level.SITUATIONAL: 0.25, Level.NOT_ASSESSED: 0.18}
"""STATISTICS ch. 8: 82 % standard or situational; the split between the two is chosen."""

AGES = ((19, 24), (25, 29), (30, 49), (50, 59), (60, 67))
"""The age groups of STATISTICS section 1; age = year of the day minus year of birth."""
AGES_STANDARD = (0.164, 0.152, 0.479, 0.138, 0.067)
AGES_SPECIAL = (0.125, 0.122, 0.474, 0.201, 0.078)
"""Table 8.1."""
AGES_OTHER = (0.090, 0.110, 0.470, 0.230, 0.100)
"""Chosen, so that 26 % of all ordinary people are under 30 (STATISTICS ch. 8)."""
AGES_SURGE = (0.155, 0.145, 0.480, 0.150, 0.070)
"""STATISTICS ch. 8: 30 % under 30, mean age 38.8."""

BENEFITS = {
    Level.STANDARD: {Benefit.DAGPENGER: 0.53, Benefit.TILTAKSPENGER: 0.05},
    Level.SITUATIONAL: {Benefit.DAGPENGER: 0.53, Benefit.TILTAKSPENGER: 0.05},
    Level.SPECIAL: {Benefit.AAP: 0.72, Benefit.DAGPENGER: 0.03, Benefit.TILTAKSPENGER: 0.07},
    Level.SICK_EMPLOYED: {Benefit.AAP: 0.04, Benefit.DAGPENGER: 0.02},
    Level.SICK_UNEMPLOYED: {Benefit.AAP: 0.04, Benefit.DAGPENGER: 0.06},
    Level.PERMANENT: {Benefit.AAP: 0.52, Benefit.TILTAKSPENGER: 0.05},
}
"""STATISTICS ch. 8: ordinary a third AAP (specially adapted 72 %), 21 % dagpenger, 46 % other or none."""
BENEFITS_SURGE = {Benefit.DAGPENGER: 0.36, Benefit.TILTAKSPENGER: 0.01}
"""STATISTICS ch. 8."""

# Their follow-up.
DAYS_ORDINARY = (30, 1095)
"""Ordinary people's period began this many days ago, the recent ones more often. Chosen."""
DAYS_SURGE = (1, 58)
"""The last two months."""
EARLIER_PERIOD = 0.08
"""Share of ordinary people who had a period before this one. Chosen."""
ENDED_ORDINARY, ENDED_SURGE = 0.022, 0.008
"""Shares of all people whose follow-up has ended. Chosen."""
CHANGED_OFFICE, CHANGED_LEVEL, CHANGED_BENEFIT, CHANGED_COUNSELLOR = 0.02, 0.15, 0.20, 0.12
"""Shares of ordinary people to whom it happened on the way. Chosen."""
UNASSIGNED_ORDINARY, UNASSIGNED_SURGE = 0.03, 0.55
"""Shares with nobody to follow them up yet: as in the demo; the surge chosen."""
HEAVY_EVERY, HEAVY_AT, HEAVY_ACTIVITIES, HEAVY_MESSAGES = 400, 7, 60, 40
"""Person number % 400 == 7 has a plan of 60 activities and a thread of 40 messages (DESIGN section 6)."""
GOALS = {0: 0.40, 1: 0.45, 2: 0.15}
"""How many goals a person has written. Chosen."""
GOAL_BY_CITIZEN = 0.7
"""Chosen."""

# Offices and staff.
OFFICE_MEAN, OFFICE_LARGEST, OFFICE_SMALLEST = 2460, 28_000, 200
"""People of an office: 264 offices for 650,000, from 200 to 28,000 people (DESIGN section 6)."""
OFFICE_LARGEST_SHARE = 0.45
COUNSELLOR_PEOPLE = (40, 50, 60)
"""People whom a counsellor follows up: fewest, usual, most."""

# Dialogues.
THREADS = {"ordinary": 5.6, "surge": 1.65}
"""Threads a person: 2,485,207 of 650,000 people, 79 % of them ordinary (1,958,760 : 526,447, ch. 9). That
is 5.8 an ordinary person: `Kinds.threads` gives some 3 % more than it is asked for."""
THREADS_NONE = {"ordinary": 0.22, "surge": 0.095}
"""16 % of all people have none (ch. 9); the split is chosen."""
THREADS_BY_LEVEL = {"standard": 0.72, "special": 0.44, "permanent": 0.22, "other": 0.44}
"""Threads a month (ch. 9). The sick-listed and not assessed stand as the specially adapted."""
THREADS_BY_AGE = (0.75, 0.60, 0.50, 0.42, 0.30)
"""Threads a month: 0.75 under 25 falling to 0.30 at 60 and over (ch. 9); between them by table 9.1."""
NAV_STARTS = {"ordinary": 0.68, "surge": 0.93}
"""Ch. 9."""
MESSAGES = {"ordinary": (2.08, 1.64), "surge": (1.4, 0.5)}
"""Mean messages of a thread by Nav and by the citizen (ch. 9); this and what follows is what the manners of
`thread_shapes` are tuned to."""
MESSAGES_MEDIAN = {"ordinary": (1, 1), "surge": (1, 0)}
"""Ch. 9, but for Nav's median in the surge, which is not published: it follows from the mean of 1.4."""
ANSWERED = 0.67
"""Share of ordinary threads in which Nav has answered the citizen (ch. 9); not published for the surge."""
ANSWER_HOURS = {"ordinary": (17.0, 39.0), "surge": (13.0, 23.0)}
"""Median and mean over threads of Nav's mean answer time in a thread (ch. 9)."""
DURATION_DAYS = {"ordinary": (2.0, 16.5), "surge": (1.0, 7.6)}
"""Median and mean of the days from the first message to the last (ch. 9)."""
ABOUT_ACTIVITY = 0.15
"""Share of threads about an activity. Chosen."""

# Activities.
ACTIVITIES = 3_000_000 / 650_000
"""Activities a person, minutes included (the issue's volume)."""
ACTIVITIES_NONE = {"ordinary": 0.29, "surge": 0.008}
ACTIVITIES_ONE = {"ordinary": 0.27, "surge": 0.68}
"""Ch. 11."""
ACTIVITIES_SURGE = 2.4
"""Mean of the surge. Chosen; with it those ordinary people who have several have some 14."""
ACTIVITIES_BY_LEVEL = {"standard": 1.5, "special": 0.75, "permanent": 0.55, "other": 0.55}
"""How many of those who have several, relative to each other: ch. 11 has 1.24 a month against 0.21."""
TYPES = {
    ActivityType.STILLING: 61_042,
    ActivityType.EGEN: 39_377,
    ActivityType.BEHANDLING: 26_656,
    ActivityType.SAMTALEREFERAT: 23_964,
    ActivityType.IJOBB: 12_583,
    ActivityType.SOKEAVTALE: 14_824,
}
"""Nav's launch figures, 15 January 2018, without the meetings, which are not built yet."""
LIKELY_TYPES = {
    "standard": (6.0, 3.0, 0.1, 1.0, 1.0, 1.6),
    "aap": (0.6, 1.5, 6.0, 2.0, 0.8, 0.1),
    "special": (1.5, 2.0, 3.0, 2.0, 0.8, 0.3),
    "permanent": (0.6, 1.5, 2.0, 1.5, 0.8, 0.1),
    "other": (0.6, 1.5, 4.0, 1.5, 0.6, 0.1),
    "surge": (5.0, 4.0, 0.15, 0.8, 1.2, 1.3),
}
"""Where the types of `TYPES` (in its order) stand, relative to each other, before the proportions are
fitted: jobs and agreements with the standard and situational, treatments with AAP (ch. 11)."""
BY_CITIZEN = {
    ActivityType.STILLING: 0.87,
    ActivityType.EGEN: 0.25,
    ActivityType.BEHANDLING: 0.0,
    ActivityType.SAMTALEREFERAT: 0.0,
    ActivityType.IJOBB: 0.70,
    ActivityType.SOKEAVTALE: 0.0,
}
"""Share that the citizen makes: agreements, treatments and minutes Nav alone, jobs mostly the citizen
(ch. 11); together 40 % (launch figures)."""
