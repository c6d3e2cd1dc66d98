//! The serialised forms of the public data types.
#![cfg(feature = "serde")]

use nasaq::{
    Aligner, Alignment, Bead, BeadKind, Finding, FindingKind, PrecomputedVectors, Rung, Segment,
    Span,
};
use serde_json::{from_str, from_value, json, to_string, to_value};

#[test]
fn data_types_are_read_back_from_their_json() {
    let bead = Bead::new(Span::new(1, 2), Span::new(3, 5), 0.75, -0.5);
    let span = |start: u32, end: u32| json!({"start": start, "end": end});
    let value = json!({
        "src": span(1, 2), "tgt": span(3, 5), "probability": 0.75, "log_odds": bead.log_odds,
        "score": -0.5
    });
    assert_eq!(to_value(bead).unwrap(), value);
    assert_eq!(from_value::<Bead>(value).unwrap(), bead);

    let mut value = to_value(bead.with_moved(true)).unwrap();
    assert_eq!(value["moved"], true);
    assert!(from_value::<Bead>(value.clone()).unwrap().moved);
    value["moved"] = false.into();
    assert_eq!(from_value::<Bead>(value).unwrap(), bead);

    assert_eq!(to_string(&bead.kind()).unwrap(), "\"1-2\"");
    assert_eq!(from_str::<BeadKind>("\"1-2\"").unwrap(), bead.kind());
    assert!(from_str::<BeadKind>("\"1:2\"").is_err());

    let rung = Rung::new([0, 2], [1]).with_score(0.5);
    let value = json!({"src": [0, 2], "tgt": [1], "score": 0.5});
    assert_eq!(to_value(&rung).unwrap(), value);
    assert_eq!(from_value::<Rung>(value).unwrap(), rung);

    let finding = Finding::new(FindingKind::Omitted, Span::new(1, 2), Span::new(4, 4), 0.5);
    let value = json!({
        "kind": "omitted", "src": span(1, 2), "tgt": span(4, 4), "probability": 0.5
    });
    assert_eq!(to_value(finding).unwrap(), value);
    assert_eq!(from_value::<Finding>(value).unwrap(), finding);

    let segment = Segment::new("text", 7);
    assert_eq!(to_value(segment).unwrap(), json!({"text": "text", "start": 7}));
}

#[test]
fn a_span_that_ends_before_it_starts_is_an_error() {
    assert!(from_str::<Span>(r#"{"start": 2, "end": 1}"#).is_err());
}

#[test]
fn an_alignment_is_read_back_and_its_beads_are_checked() {
    let rows = [1.0, 0.0, 0.0, 1.0].to_vec();
    let vectors = PrecomputedVectors::from_segments(2, rows.clone(), rows).unwrap();
    let aligner = Aligner::builder().build().unwrap();
    let alignment = aligner.align(&vectors, &["a", "b"], &["c", "d"]).unwrap();
    let mut value = to_value(&alignment).unwrap();
    let read: Alignment = from_value(value.clone()).unwrap();
    assert_eq!(read, alignment);
    assert_eq!(read.document_score(), alignment.document_score());
    // Beads of moved text are out of order on the target side.
    let mut crossed = value.clone();
    let first = crossed["beads"][0]["tgt"].clone();
    crossed["beads"][0]["tgt"] = crossed["beads"][1]["tgt"].clone();
    assert!(from_value::<Alignment>(crossed.clone()).is_err(), "a segment is in two beads");
    crossed["beads"][1]["tgt"] = first;
    assert!(from_value::<Alignment>(crossed).is_ok());
    value["beads"][0]["src"]["end"] = 3.into();
    assert!(from_value::<Alignment>(value.clone()).is_err());
    value["beads"].as_array_mut().unwrap().remove(0);
    assert!(from_value::<Alignment>(value).is_err());
}
