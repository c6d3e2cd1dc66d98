//! The pictures of docs/review.md.

use std::path::PathBuf;

use super::page::Page;
use super::served::Served;
use crate::util::Folder;

/// Creates the pictures, if `tests/review/pictures.sh` runs it.
#[test]
fn pictures() {
    let Some(out) = std::env::var_os("NASAQ_PICTURES").map(PathBuf::from) else { return };
    let folder = Folder::new();
    let served = Served::corpus(&folder, "travel");
    let Some(mut page) = Page::open(&served.url) else { return };
    page.browser.resize(1280, 860, false);
    // A few decisions, as a reviewer in the middle of the work has taken them.
    for row in [0, 1, 3] {
        page.select(row);
        page.decide(|page| page.press("Enter"));
    }
    page.select(13);
    page.decide(|page| page.press("m"));
    page.browser.media("screen", "light");
    for (name, colours, language, size, is_phone) in [
        ("review", "light", "en", [1280, 860], false),
        ("review-dark", "dark", "en", [1280, 860], false),
        ("review-phone", "light", "en", [400, 850], true),
        ("review-arabic", "light", "ar", [1280, 860], false),
    ] {
        page.browser.media("screen", colours);
        page.browser.resize(size[0], size[1], is_phone);
        if page.eval("document.documentElement.lang") != language {
            page.click("language");
        }
        page.load("");
        page.eval("document.fonts.ready.then(() => new Promise((done) => setTimeout(done, 500)))");
        page.browser.picture(&out.join(format!("{name}.png")));
    }
    // Where moved text begins.
    page.browser.resize(1280, 860, false);
    page.click("language");
    page.until("document.querySelector('.bead[data-moved]') || document.getElementById('list')");
    let moved = served.get("session").json()["moves"][0][0].as_u64();
    if let Some(row) = moved {
        page.select(row as usize);
        page.eval("new Promise((done) => setTimeout(done, 500))");
        page.browser.picture(&out.join("review-moved.png"));
    }
}
