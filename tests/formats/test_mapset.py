from formats.beatmap import Beatmap
from formats.mapset import Difficulty, FileFact, Mapset, group, same_file


def difficulty(path: str, set_id: int = -1, title: str = "", song: str = "", name: str = "", creator: str = "") -> Difficulty:
    text = (
        f"[General]\nAudioFilename:{song}\n[Metadata]\nTitle:{title}\nCreator:{creator}\nVersion:{name}\nBeatmapSetID:{set_id}\n"
    )
    return Difficulty(path, Beatmap.from_text(text))


def grouped(*difficulties: Difficulty) -> list[list[str]]:
    return [[each.path for each in mapset.difficulties] for mapset in group(difficulties)]


def test_difficulties_of_one_set_id_belong_together_in_file_name_order() -> None:
    assert grouped(difficulty("b", 7, "x"), difficulty("a", 7, "y"), difficulty("c", 8)) == [["a", "b"], ["c"]]


def test_unsubmitted_difficulties_belong_together_by_title() -> None:
    assert grouped(difficulty("a", title="x"), difficulty("b", 7, "x"), difficulty("c", title="y")) == [["a", "b"], ["c"]]


def test_a_song_joins_difficulties_unless_set_ids_contradict() -> None:
    assert grouped(difficulty("a", song="A.mp3"), difficulty("b", 7, "x", "a.mp3")) == [["a", "b"]]
    assert grouped(difficulty("a", 6, "y", "a.mp3"), difficulty("b", 7, "x", "a.mp3")) == [["a"], ["b"]]


def test_sets_of_one_song_by_two_people_stay_apart() -> None:
    mine, yours = difficulty("a", 7, "x", creator="me"), difficulty("b", 8, "x", creator="you")
    assert grouped(mine, yours, difficulty("c", title="x", creator="you")) == [["a"], ["b", "c"]]
    assert grouped(mine, difficulty("b", 8, "x", creator="me")) == [["a", "b"]]


def test_what_shares_nothing_stays_alone() -> None:
    assert grouped(difficulty("a"), difficulty("b")) == [["a"], ["b"]]


def test_one_difficulty_may_join_two_others() -> None:
    chain = (difficulty("a", 7, "x"), difficulty("b", 7, "y"), difficulty("c", title="y"))
    assert grouped(*chain) == [["a", "b", "c"]]


def test_thousands_of_difficulties_are_grouped_by_look_up() -> None:
    many = [difficulty(f"{number:05}", number // 4 + 1) for number in range(4_000)]
    assert [len(mapset.difficulties) for mapset in group(many)] == [4] * 1_000


def test_a_difficulty_knows_its_names() -> None:
    one = difficulty("songs\\set\\one.osu", name="Hard")
    assert (one.name, one.file_name) == ("Hard", "one.osu")


def test_file_names_are_compared_as_windows_does() -> None:
    mapset = Mapset((), {"SB/Star.PNG": FileFact("SB/Star.PNG", 1)})
    assert mapset.file_names is not None
    assert same_file("sb\\star.png") in mapset.file_names
    assert Mapset().file_names is None


def test_an_edited_difficulty_keeps_the_notes_that_stand() -> None:
    text = "[HitObjects]\n1,2,100,1,0\n"
    before = Difficulty("a", Beatmap.from_text(text))
    note = before.timeline.notes[0]
    assert before.edited(before.beatmap).timeline.notes[0] is note
