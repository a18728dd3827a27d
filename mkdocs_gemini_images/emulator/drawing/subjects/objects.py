"""The figures of objects: on a table, held in a hand or sat on.

The notation is that of `figures`, which parses these tables.
"""

OBJECTS = {
    "cup": """
        pale blob -66,6 -30,-2 0,-4 30,-2 66,6 40,12 0,14 -40,12
        accent loop:9 52,56 20,18
        accent blob -48,82 -46,44 -32,14 0,8 32,14 46,44 48,82 0,76
        veil blob 18,76 48,82 46,44 32,14 8,8 22,36
        pale disc 0,82 48,11
        tea disc 0,81 42,8
        """,
    "book": """
        accent poly -100,10 0,2 100,10 100,22 0,14 -100,22
        pale blob -96,18 -94,52 -60,60 -20,54 0,42 0,8 -40,18
        pale blob 96,18 94,52 60,60 20,54 0,42 0,8 40,18
        veil poly 0,9 0,42 14,50 20,54 20,15
        dark line:1.6 -80,48 -22,43
        dark line:1.6 -80,40 -22,35
        dark line:1.6 -80,32 -40,28
        dark line:1.6 30,35 80,40
        dark line:1.6 30,28 64,32
        second poly 46,53 56,55 56,2 51,8 46,3
        """,
    "books": """
        accent box -60,0 60,22
        pale box -52,4 61,18
        second box -48,22 66,40
        pale box -40,26 67,36
        shade box -56,40 50,64
        pale box -48,45 51,59
        """,
    "plant": """
        leaf leaf:26 0,34 -40,74
        leaf leaf:26 0,34 42,78
        sprig leaf:24 0,34 -20,104
        sprig leaf:24 0,34 20,108
        leaf leaf:24 0,34 0,118
        leaf leaf:20 0,34 -48,48
        leaf leaf:20 0,34 50,52
        second poly -24,36 24,36 17,0 -17,0
        veil poly 6,36 24,36 17,0 6,0
        second box -27,32 27,41
        """,
    "lamp": """
        dark box -22,0 22,5
        dark line:3.4 0,4 0,58
        light poly -32,56 32,56 19,98 -19,98
        veil poly 10,56 32,56 19,98 8,98
        """,
    "newspaper": """
        pale poly -50,-2 0,4 0,70 -50,64
        pale poly 50,-2 0,4 0,70 50,64
        veil poly 0,4 8,3 8,69 0,70
        dark line:4 -43,56 -8,60
        dark line:1.8 -43,46 -8,49
        dark line:1.8 -43,39 -8,42
        dark line:1.8 -43,32 -8,35
        second poly -43,8 -8,12 -8,28 -43,24
        accent poly 10,44 43,40 43,57 10,61
        dark line:1.8 10,36 43,32
        dark line:1.8 10,29 43,25
        dark line:1.8 10,22 43,18
        dark line:1.8 10,15 30,13
        """,
    "map": """
        pale poly -54,0 -18,8 18,0 54,8 54,66 18,58 -18,66 -54,58
        veil poly -18,8 18,0 18,58 -18,66
        sprig blob -44,16 -26,20 -24,40 -40,48
        water blob 24,20 44,26 46,50 28,46
        accent curve:3 -40,28 -14,44 8,24 38,38
        accent disc 38,40 5,5
        """,
    "envelope": """
        pale box -56,0 56,74
        veil poly -56,0 0,42 56,0
        veil poly -56,74 0,30 56,74
        accent disc 0,34 9,9
        """,
    "picture": """
        wood line:4 -30,-24 -16,30
        wood line:4 30,-24 16,30
        wood box -48,10 48,92
        pale box -42,16 42,86
        water box -36,22 36,80
        second disc 12,62 10,10
        leaf poly -36,22 -36,40 -14,58 8,36 20,46 36,32 36,22
        """,
    "press": """
        wood box -50,0 -38,100
        wood box 38,0 50,100
        wood box -58,90 58,103
        wood box -56,60 56,70
        wood box -56,0 56,8
        shade box -5,48 5,96
        second line:3.4 0,76 48,84
        accent disc 50,85 4.5,4.5
        second box -9,50 9,60
        shade box -30,43 30,50
        pale box -44,31 60,35
        accent box -46,22 70,31
        shade box -32,8 -24,22
        shade box 24,8 32,22
        pale poly 60,35 88,62 92,59 68,33
        gears ring -70,24 16,16
        gears ring -70,24 6,6
        """,
    "server": """
        shade box -27,0 27,100
        dark box -22,5 22,95
        shade box -19,79 19,91
        shade box -19,63 19,75
        shade box -19,47 19,59
        shade box -19,31 19,43
        light disc -13,85 2,2
        light disc -13,69 2,2
        accent disc -13,53 2,2
        light disc -13,37 2,2
        pale line:1.4 -5,85 14,85
        pale line:1.4 -5,69 14,69
        pale line:1.4 -5,53 14,53
        pale line:1.4 -5,37 14,37
        dark line:1.4 -16,22 16,22
        dark line:1.4 -16,15 16,15
        """,
    "bench": """
        dark line:5 -78,0 -74,44
        dark line:5 78,0 74,44
        dark line:4 -74,40 -80,92
        dark line:4 74,40 80,92
        wood box -92,84 92,95
        wood box -91,66 91,77
        wood box -90,48 90,59
        wood box -92,34 92,43
        veil box -92,34 92,38
        """,
}
