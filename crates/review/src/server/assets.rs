//! The files of the page, in the binary.

/// A file of the page.
pub(super) struct Asset {
    pub(super) name: &'static str,
    pub(super) media_type: &'static str,
    pub(super) text: &'static str,
}

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

macro_rules! assets {
    ($($media_type:expr => [$($name:literal),* $(,)?]),* $(,)?) => {
        &[$($(Asset {
            name: $name,
            media_type: $media_type,
            text: include_str!(concat!("../../assets/", $name)),
        }),*),*]
    };
}

/// Every file but the page itself.
const ASSETS: &[Asset] = assets![
    "image/svg+xml" => ["icon.svg"],
    STYLE => ["bead.css", "narrow.css", "page.css", "print.css", "theme.css"],
    SCRIPT => [
        "actions.js", "api.js", "app.js", "arabic.js", "bead.js", "cut.js", "dialog.js",
        "documents.js", "drag.js", "edits.js", "english.js", "heights.js", "help.js", "keyboard.js",
        "list.js", "main.js", "notices.js", "passage.js", "print.js", "progress.js", "review.js",
        "ribbon.js", "search.js", "strings.js", "words.js",
    ],
];

/// The page.
pub(super) const PAGE: &str = include_str!("../../assets/index.html");

/// Returns the file of a name.
pub(super) fn asset(name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.name == name)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn every_file_is_served_and_imports_only_files_that_are() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets");
        for entry in fs::read_dir(folder).expect("the folder").flatten() {
            let name = entry.file_name().into_string().expect("a name");
            assert!(name == "index.html" || asset(&name).is_some(), "{name} is not served");
        }
        for Asset { name, text, .. } in ASSETS {
            for import in text.split("from \"./").skip(1) {
                let file = import.split('"').next().unwrap_or_default();
                assert!(asset(file).is_some(), "{name} imports {file}");
            }
        }
        for link in PAGE.split("href=\"").skip(1) {
            let file = link.split('"').next().unwrap_or_default();
            assert!(file.starts_with('#') || asset(file).is_some(), "the page links {file}");
        }
    }

    #[test]
    fn both_languages_have_the_same_texts() {
        let keys = |name: &str| -> Vec<&str> {
            let text = asset(name).expect("a file").text;
            let lines = text.lines().filter_map(|line| line.strip_prefix("  "));
            lines.filter_map(|line| line.split_once(": ").map(|(key, _)| key)).collect()
        };
        assert_eq!(keys("english.js"), keys("arabic.js"));
    }

    #[test]
    fn no_file_names_another_host_or_has_inline_code() {
        for Asset { name, text, .. } in ASSETS {
            let text = text.replace("http://www.w3.org/2000/svg", "");
            assert!(!text.contains("http://") && !text.contains("https://"), "{name}");
            for sink in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("]
            {
                assert!(!text.contains(sink), "{name} uses {sink}");
            }
        }
        assert!(!PAGE.contains("style=") && !PAGE.contains("<style") && !PAGE.contains("onclick"));
    }
}
