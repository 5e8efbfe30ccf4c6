from analyzers.rule import Standard
from formats.osu import Mode
from tests.builder import findings, fixed, kinds, osu_text

A, LATE_A, B = 'Video,0,"a.mp4"', 'Video,500,"a.mp4"', 'Video,0,"b.mp4"'


def video(*events: str, mode: Mode = Mode.OSU) -> str:
    return osu_text(events=events, mode=mode)


def test_the_difficulty_that_differs_from_most_carries_the_finding() -> None:
    found = findings("video-consistency", video(B), video(A), video(A))
    assert kinds(found) == [("different-in-mode", "warning", None)]
    assert findings("video-consistency", video(A), video(B), video(A)) == []


def test_copying_the_video_settles_it() -> None:
    for own in (video(B), video(), video(LATE_A)):
        text = fixed(own, findings("video-consistency", own, video(A), video(A)))
        assert A in text
        assert findings("video-consistency", text, video(A), video(A)) == []


def test_modes_may_not_differ_but_for_taiko() -> None:
    assert kinds(findings("video-consistency", video(mode=Mode.CATCH), video(A))) == [
        ("different-between-modes", "warning", None)
    ]
    assert findings("video-consistency", video(mode=Mode.TAIKO), video(A)) == []


def test_one_video_from_two_moments_is_an_error() -> None:
    assert kinds(findings("video-offset", video(LATE_A), video(A), video(A))) == [("different-offset", "error", None)]
    assert findings("video-offset", video(B), video(A), video(A)) == []


def test_lazer_calls_a_missing_video_a_problem() -> None:
    found = findings("video-consistency", video(), video(A), standard=Standard.LAZER)
    assert kinds(found) == [("missing-video", "error", None)]
