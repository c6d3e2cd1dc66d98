//! Text without line ends.

use nasaq_text::{Language, segments};

#[test]
fn headings_and_items_of_running_text_are_segments() {
    let english = "The harbour of the old town The boats leave before dawn and come back at noon \
                   The boatmen sing: The sea is wide and the night is long Figure 2: Boats The nets \
                   that Section 3 of the book describes are folded on the stone quay in the sun and \
                   wait there until the women have come. "
        .repeat(8);
    let found = segments(&english, Language::English);
    let texts: Vec<&str> = found[..6].iter().map(|segment| segment.text).collect();
    assert_eq!(
        texts,
        [
            "The harbour of the old town",
            "The boats leave before dawn and come back at noon",
            "The boatmen sing:",
            "The sea is wide and the night is long",
            "Figure 2: Boats",
            "The nets that Section 3 of the book describes are folded on the stone quay in the sun \
             and wait there until the women have come.",
        ]
    );
    let arabic = "الفصل الأول في أحوال الميناء تخرج القوارب قبل الفجر وتعود ظهراً الفصل الثاني في \
                  صيد السمك للصيادين أغنية: البحر واسع وقد ورد ذلك في الفصل الأول من الكتاب الذي كتبه \
                  رجل من أهل المدينة القديمة وعاش فيها حتى رآها تكبر وتصير ميناء كبيراً للسفن كلها وبقي \
                  على ذلك سنين. "
        .repeat(8);
    let found = segments(&arabic, Language::Arabic);
    let texts: Vec<&str> = found[..4].iter().map(|segment| segment.text).collect();
    assert_eq!(
        texts,
        [
            "الفصل الأول في أحوال الميناء تخرج القوارب قبل الفجر وتعود ظهراً",
            "الفصل الثاني في صيد السمك للصيادين أغنية:",
            "البحر واسع وقد ورد ذلك في الفصل الأول من الكتاب الذي كتبه رجل من أهل المدينة القديمة \
             وعاش فيها حتى رآها تكبر وتصير ميناء كبيراً للسفن كلها وبقي على ذلك سنين.",
            "الفصل الأول في أحوال الميناء تخرج القوارب قبل الفجر وتعود ظهراً",
        ]
    );
    // With a line end, or in a short text, only stops and line ends end segments.
    let text = format!("{english}\nA line");
    assert_eq!(segments(&text, Language::English)[0].text.find("The boats"), Some(28));
    let short = "A harbour The boats leave before dawn";
    assert_eq!(segments(short, Language::English).len(), 1);
}

#[test]
fn prose_on_one_line_is_divided_at_stops_and_colons() {
    let english =
        "The judges cited Article 5 and Section 12 of the statute, and referred to Chapter \
                   VII of the Charter. The band The Beatles played the music of As You Like It. He \
                   pointed out the following: The law is old. "
            .repeat(8);
    assert!(english.len() > 1_000);
    let found = segments(&english, Language::English);
    assert_eq!(found.len(), 32, "{found:?}");
    assert!(found.iter().all(|segment| segment.text.ends_with(['.', ':'])), "{found:?}");
    let arabic =
        "وقرأ الفصل الثالث من الكتاب ثم شرح شكل ٢ للطلاب. وأشار إلى الآتي: القانون قديم. ".repeat(16);
    assert!(arabic.chars().count() > 1_000);
    let found = segments(&arabic, Language::Arabic);
    assert_eq!(found.len(), 48, "{found:?}");
}
