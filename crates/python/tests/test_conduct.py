"""Behaviour of the package: errors, threads, forks, signals, import time."""

import copy
import os
import pickle
import signal
import subprocess
import sys
import threading
import time

import nasaq
import pytest

ARABIC = "وصل القطار إلى المحطة قبل الفجر. لم يكن في انتظاره أحد. جلس المسافر على المقعد الخشبي. "
ENGLISH = (
    "The train reached the station before dawn. Nobody was waiting for it. "
    "The traveller sat down on the wooden bench. "
)


@pytest.mark.parametrize("texts, kind", [
    (("", "a"), "empty"),
    (("a", " \n"), "empty"),
    (("a", "a"), "identical"),
    (([], ["a"]), "empty"),
    (("a\0", "b"), None),
])
def test_unusable_texts_are_input_errors(texts, kind):
    with pytest.raises(nasaq.InputError) as caught:
        nasaq.align(*texts)
    assert isinstance(caught.value, (nasaq.NasaqError, ValueError))
    assert kind in (None, caught.value.kind)
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.kind, again.hint) == (str(caught.value), caught.value.kind, caught.value.hint)


@pytest.mark.parametrize("texts", [(b"a", "b"), (["a", 1], "b"), (None, "b"), ("a", 7)])
def test_other_types_are_type_errors(texts):
    with pytest.raises(TypeError):
        nasaq.align(*texts)


def test_a_lone_surrogate_is_an_error():
    with pytest.raises(UnicodeEncodeError):
        nasaq.align("\ud800", "b")


@pytest.mark.parametrize("anchors", [[(9, 0)], [(0, 1), (1, 0)], [(0, 0), (0, 70)]])
def test_impossible_anchors_are_input_errors(anchors):
    with pytest.raises(nasaq.InputError):
        nasaq.align(["أ"] * 3, ["a"] * 80, anchors=anchors)


@pytest.mark.parametrize("setting", [
    {"src_lang": "fr"}, {"src_lang": "en", "tgt_lang": "en"}, {"max_segments": 1},
    {"max_segments": -1}, {"precision": "int4"}, {"threads": 0}, {"threads": -1},
    {"threads": 100_000}, {"lines": "wrapped"}, {"abbreviations": ["two words"]},
    {"abbreviations": [("fr", "M.")]},
])
def test_settings_out_of_range_are_setting_errors(setting):
    with pytest.raises(nasaq.SettingError):
        nasaq.Aligner(**setting)


def test_files_that_are_not_a_model_are_setting_errors(tmp_path):
    model = tmp_path / "model"
    model.write_bytes(b"not a model")
    with pytest.raises(nasaq.SettingError, match="not a nasaq model file"):
        nasaq.Aligner(model=model)
    with pytest.raises(FileNotFoundError):
        nasaq.Aligner(model=tmp_path / "missing")


def test_lexicons_and_abbreviations_that_cannot_be_read_are_named(tmp_path):
    terms = tmp_path / "terms.tsv"
    terms.write_bytes("قطار\ttrain\n".encode("windows-1256"))
    for name in ("lexicon", "abbreviations"):
        with pytest.raises(nasaq.SettingError, match="terms.tsv") as caught:
            nasaq.Aligner(**{name: terms})
        assert "UTF-8" in str(caught.value)
        with pytest.raises(FileNotFoundError):
            nasaq.Aligner(**{name: tmp_path / "none"})
    terms.write_text("Prof\nen\tengr.\nx y\n", "utf-8")
    with pytest.raises(nasaq.SettingError, match="terms.tsv:3"):
        nasaq.Aligner(abbreviations=terms)


def test_a_lexicon_is_read_again_when_it_has_changed(tmp_path):
    # The aligner of the last call is cached.
    terms = tmp_path / "terms.tsv"
    terms.write_text("قطار\ttrain\n", "utf-8")
    before = nasaq.align(ARABIC, ENGLISH, lexicon=terms)
    terms.write_bytes(b"no lexicon")
    with pytest.raises(nasaq.SettingError, match="terms.tsv"):
        nasaq.align(ARABIC, ENGLISH, lexicon=terms)
    terms.write_text("قطار\ttrain\n", "utf-8")
    assert nasaq.align(ARABIC, ENGLISH, lexicon=[terms]) == before


def test_counts_of_texts_must_agree():
    with pytest.raises(nasaq.InputError):
        nasaq.score(["أ"], [])
    with pytest.raises(nasaq.InputError):
        nasaq.score(["أ"], ["a"], kinds=["one"])
    with pytest.raises(TypeError):
        nasaq.encode("one text")


def test_ladders_name_the_bad_line():
    with pytest.raises(nasaq.InputError, match="line 2"):
        nasaq.evaluate("[0]:[0]\nno", "[0]:[0]")


def test_other_threads_run_while_one_aligns():
    ticks = 0
    done = threading.Event()

    def align():
        try:
            nasaq.align(ARABIC * 200, ENGLISH * 200)
        finally:
            done.set()

    worker = threading.Thread(target=align)
    worker.start()
    while not done.wait(0.002):
        ticks += 1
    worker.join()
    assert ticks > 5


def test_an_aligner_is_shared_by_threads():
    aligner = nasaq.Aligner(threads=2)
    expected = aligner.align(ARABIC, ENGLISH)
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(aligner.align(ARABIC, ENGLISH)))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 6


def test_an_aligner_is_copied_with_its_settings():
    aligner = nasaq.Aligner(src_lang="en", threads=1, lexicon=[("قطار", "train")])
    for again in (pickle.loads(pickle.dumps(aligner)), copy.copy(aligner)):
        assert repr(again) == repr(aligner)
        assert again.align(ENGLISH, ARABIC) == aligner.align(ENGLISH, ARABIC)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_fork_works_after_its_parent_has_worked():
    aligner = nasaq.Aligner(threads=2)
    expected = aligner.align(ARABIC, ENGLISH)
    child = os.fork()
    if child == 0:
        os._exit(0 if aligner.align(ARABIC, ENGLISH) == expected else 1)
    ended = time.monotonic() + 60
    while time.monotonic() < ended:
        process, status = os.waitpid(child, os.WNOHANG)
        if process:
            assert status == 0
            return
        time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    pytest.fail("the fork hangs")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_a_fork_works_while_another_thread_starts_its_pool():
    for _ in range(20):
        aligner = nasaq.Aligner(threads=8)
        started = threading.Thread(target=aligner.align, args=(ARABIC, ENGLISH))
        started.start()
        child = os.fork()
        if child == 0:
            aligner.encode([ARABIC])
            os._exit(0)
        started.join()
        ended = time.monotonic() + 60
        while os.waitpid(child, os.WNOHANG) == (0, 0):
            if time.monotonic() > ended:
                os.kill(child, signal.SIGKILL)
                pytest.fail("the fork hangs")
            time.sleep(0.01)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_a_fork_works_while_another_thread_loads():
    # The model is loaded once in a process, so each try needs a new one.
    code = f"""
import os, sys, threading, time, warnings
warnings.simplefilter("ignore")
import nasaq
delay = float(sys.argv[1])
arabic, english = {ARABIC!r}, {ENGLISH!r}

def work():
    aligner = nasaq.Aligner(threads=1)
    return aligner.align(arabic, english), aligner.score([arabic], [english])

loading = threading.Thread(target=work)
loading.start()
time.sleep(delay)
child = os.fork()
if child == 0:
    work()
    os._exit(0)
loading.join()
ended = time.monotonic() + 60
while True:
    process, status = os.waitpid(child, os.WNOHANG)
    if process:
        sys.exit(status)
    if time.monotonic() > ended:
        os.kill(child, 9)
        sys.exit("the fork hangs")
    time.sleep(0.01)
"""
    for step in range(15):
        delay = f"{step * 0.006:.3f}"
        done = subprocess.run([sys.executable, "-c", code, delay], capture_output=True, text=True)
        assert done.returncode == 0, f"forked after {delay} s: {done.stderr}"


# Each takes much longer than the test waits before the signal.
@pytest.mark.parametrize("call", [
    "nasaq.read(path)",
    "nasaq.Aligner(lexicon=path)",
    "nasaq.evaluate(ladder, ladder)",
    "aligner.align(arabic * 12000, english * 12000)",
    "aligner.score([f'{arabic} {n}' for n in range(99_999)], [english] * 99_999)",
    "nasaq.segment(arabic * 1_000_000, 'ar')",
    "aligner.encode([f'{arabic} {n}' for n in range(200_000)])",
    "aligner.align_batch(pyarrow.RecordBatch.from_pydict({'id': list(range(999)), "
    "'src': [arabic * 100] * 999, 'tgt': [english * 100] * 999}))",
])
@pytest.mark.skipif(os.name != "posix", reason="the test uses POSIX signals")
def test_an_interrupt_ends_a_long_call(call, tmp_path):
    pytest.importorskip("pyarrow")
    # If the tests run in the background, SIGINT is ignored, also by every child process.
    code = f"""
import nasaq, pyarrow, signal, time
signal.signal(signal.SIGINT, signal.default_int_handler)
arabic, english = {ARABIC!r}, {ENGLISH!r}
path, ladder = {str(tmp_path / "large.html")!r}, ""
if "path" in {call!r}:
    with open(path, "w", encoding="utf-8") as out:
        for number in range(600_000):
            out.write(f"<p>{{english}} {{number}}</p>\\t<i>{{arabic}}</i>\\n")
if "ladder" in {call!r}:
    ladder = "".join(f"[{{n}}]:[{{n}}]\\n" for n in range(6_000_000))
aligner = nasaq.Aligner(threads=1)
aligner.align(arabic, english)
print("ready", flush=True)
try:
    {call}
except KeyboardInterrupt:
    print("stopped", flush=True)
"""
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "ready\n"
    time.sleep(0.5)
    start = time.monotonic()
    child.send_signal(signal.SIGINT)
    out, _ = child.communicate(timeout=120)
    assert out == "stopped\n"
    seconds = time.monotonic() - start
    print(f"stopped after {seconds:.1f} s")
    assert seconds < 15


def test_import_is_fast_and_imports_no_optional_packages():
    code = (
        "import sys, time; start = time.perf_counter(); import nasaq; "
        "print(time.perf_counter() - start); "
        "assert not {'numpy', 'pyarrow', 'pyspark', 'pandas'} & set(sys.modules)"
    )
    run = lambda: float(subprocess.check_output([sys.executable, "-c", code]))
    assert min(run() for _ in range(5)) < 0.3
