use proptest::prelude::*;

use super::*;

fn rung(src: &[u32], tgt: &[u32], score: Option<f32>) -> Rung {
    Rung::new(src, tgt).with_score(score)
}

#[test]
fn all_forms_in_use_are_read() {
    let text = "# made by hand\r\n\r\n[0]:[0]\r\n[1,2]:[ 1 ]:0.5\n[]:[2]: 0.25 \n  [3]:[]:\n";
    let expected = [
        rung(&[0], &[0], None),
        rung(&[1, 2], &[1], Some(0.5)),
        rung(&[], &[2], Some(0.25)),
        rung(&[3], &[], None),
    ];
    assert_eq!(read_ladder(text).expect("a ladder"), expected);
}

#[test]
fn errors_name_the_line_and_the_problem() {
    for (text, message) in [
        ("[0]:[0]\n[1]\n", "line 2: \"\" is not a list of segments"),
        ("0 0 0.3", "line 1: \"0 0 0.3\" is not a list of segments"),
        ("\n\n[0]:[x]", "line 3: \"x\" is not a segment index"),
        ("[-1]:[0]", "line 1: \"-1\" is not a segment index"),
        ("[0,]:[0]", "line 1: \"\" is not a segment index"),
        ("[0]:[0]:high", "line 1: \"high\" is not a score"),
        ("[0]:[0]:NaN", "line 1: \"NaN\" is not a score"),
        ("[99999999999]:[0]", "line 1: \"99999999999\" is not a segment index"),
    ] {
        assert_eq!(read_ladder(text).expect_err("no ladder").to_string(), message);
    }
}

#[test]
fn long_lines_are_truncated_in_messages() {
    let error = read_ladder(&"س".repeat(100_000)).expect_err("no ladder");
    assert!(error.to_string().len() < 200);
}

#[test]
fn probabilities_have_four_decimals() {
    let mut out = Vec::new();
    write_rung(&mut out, &rung(&[0, 1], &[2], Some(0.93))).expect("memory");
    write_rung(&mut out, &rung(&[], &[3], None)).expect("memory");
    assert_eq!(out, b"[0, 1]:[2]:0.9300\n[]:[3]\n");
}

#[test]
fn texts_must_end_with_the_ladder() {
    let read = |ladder: &'static str, src: &'static str, tgt: &'static str| {
        let stream = |text: &'static str| -> TextStream { Box::new(text.as_bytes()) };
        RungReader::open(
            stream(ladder),
            [(stream(src), "s".into()), (stream(tgt), "t".into())],
            false,
        )
        .map(|rungs| rungs.rungs.len())
        .map_err(|error| error.to_string())
    };
    let ladder = "[0]:[0]\n[1]:[]\n[]:[1, 2]\n";
    assert_eq!(read(ladder, "a\nb\n", "A\nB\nC").as_ref(), Ok(&3));
    assert_eq!(read(ladder, "a\nb\n\n", "A\nB\n\n").as_ref(), Ok(&3), "blank ones at the end");
    for (src, tgt, lines) in [
        ("a\nb\nc\n", "A\nB\nC\n", "3 lines in s and 3 in t"),
        ("a\nb\n", "A\nB\n", "2 lines in s and 2 in t"),
        ("a\n", "A\nB\nC\nD\n", "1 lines in s and 4 in t"),
        ("", "A\nB\nC\n", "0 lines in s and 3 in t"),
    ] {
        let error = read(ladder, src, tgt).expect_err("other texts");
        assert!(error.starts_with("the ladder has 2 source and 3 target segments"), "{error}");
        assert!(error.ends_with(lines), "{error}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in "(\\[|\\]|:|,|[0-9]|\\PC|\n){0,40}") {
        let _ = read_ladder(&text);
    }
}
#[test]
fn costs_are_told_from_probabilities() {
    for (text, expected) in [
        ("[0]:[0]:0.1560\n[1]:[]:1.0000\n", RungNumbers::Probabilities),
        ("[0]:[0]\n[]:[1]\n", RungNumbers::Probabilities),
        ("[0]:[0]:0.156\n[1]:[1]:1.35\n", RungNumbers::Costs),
        ("[0]:[0]:0.156362\n[]:[1]:0.000000\n", RungNumbers::Costs),
        ("[0]:[0]:0.156\n", RungNumbers::PossibleCosts),
    ] {
        assert_eq!(RungNumbers::of(text), expected, "{text:?}");
    }
}

#[test]
fn ladders_of_hunalign_are_recognised() {
    let rungs = read_ladder("0\t0\t0.5\n1\t1\t-0.3\n3\t2\t1\n").expect("a ladder");
    let lists: Vec<_> = rungs.iter().map(|rung| (&rung.src[..], &rung.tgt[..])).collect();
    assert_eq!(lists, [(&[0][..], &[0][..]), (&[1, 2], &[1])]);
}
