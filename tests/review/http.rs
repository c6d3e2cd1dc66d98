//! The HTTP interface of docs/review.md, by requests that no page would send.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use super::served::Served;
use crate::util::Folder;

fn serve() -> (Folder, Served) {
    let folder = Folder::with_pair();
    let served = Served::start(&folder, &["--segmented", "a.ar", "a.en"]);
    (folder, served)
}

#[test]
fn requests_of_other_sites_and_hosts_are_refused() {
    let (_folder, served) = serve();
    let page = served.path("");
    assert_eq!(served.request("GET", &page, "", "").status, 200);
    for headers in
        ["Origin: http://evil.example\r\n", "Origin: null\r\n", "Sec-Fetch-Site: cross-site\r\n"]
    {
        let answer = served.request("GET", &page, headers, "");
        assert_eq!(answer.status, 403, "{headers}");
        assert!(answer.json()["hint"].is_string());
    }
    for host in ["evil.example", "evil.example:80", "127.0.0.1:1"] {
        let request = format!("GET {page} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        assert_eq!(served.raw(&request).status, 403, "{host}");
    }
    assert_eq!(served.raw(&format!("GET {page} HTTP/1.0\r\n\r\n")).status, 403);
    for path in ["/", "/api/documents", "/0123456789abcdef0123456789abcdef/"] {
        assert_eq!(served.request("GET", path, "", "").status, 404, "{path}");
    }
    for path in
        ["../Cargo.toml", "..%2fCargo.toml", "main.rs", "api", "api/d/x/session", "api/d/0/nothing"]
    {
        assert_eq!(served.request("GET", &served.path(path), "", "").status, 404, "{path}");
    }
}

#[test]
fn every_answer_has_a_policy_and_is_not_stored() {
    let (_folder, served) = serve();
    for path in ["", "main.js", "page.css", "icon.svg", "api/documents", "nothing"] {
        let answer = served.request("GET", &served.path(path), "", "");
        for header in [
            "content-security-policy: default-src 'self'; base-uri 'none'",
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
            "cache-control: no-store",
        ] {
            assert!(answer.head.contains(header), "{path}: {}", answer.head);
        }
        assert!(!answer.head.contains("access-control-allow"), "{path}");
    }
}

#[test]
fn bad_requests_are_named_and_change_nothing() {
    let (_folder, served) = serve();
    let before = served.beads();
    let confirm = |row: usize| json!({"revision": 0, "decision": {"type": "confirm", "row": row}});
    assert_eq!(served.post("decisions", &confirm(99)).status, 422);
    assert_eq!(served.post("decisions", &json!({"revision": 0})).status, 400);
    let unknown = json!({"revision": 0, "decision": {"type": "burn", "row": 0}});
    assert_eq!(served.post("decisions", &unknown).status, 400);
    let stale = served
        .post("decisions", &json!({"revision": 7, "decision": {"type": "confirm", "row": 0}}));
    assert_eq!((stale.status, &stale.json()["revision"]), (409, &json!(0)));
    let cut = json!({"revision": 0, "decision": {"type": "cut", "side": "src", "segment": 0, "at": 9999}});
    assert_eq!(served.post("decisions", &cut).status, 422);
    assert_eq!(served.post("undo", &json!({"revision": 0})).status, 422);
    let path = served.path(&format!("api/d/{}/decisions", served.id()));
    let body = confirm(0).to_string();
    assert_eq!(served.request("POST", &path, "Content-Type: text/plain\r\n", &body).status, 415);
    assert_eq!(served.request("GET", &path, "", "").status, 405);
    assert_eq!(served.request("DELETE", &path, "", "").status, 405);
    let long = format!("{{\"revision\": 0, \"decision\": \"{}\"}}", "x".repeat(5 << 20));
    let answer = served.request("POST", &path, "Content-Type: application/json\r\n", &long);
    assert!(answer.status == 413 || answer.status == 0, "{answer:?}");
    for query in ["beads?from=x", "next?order=alphabet", "words?row=-1", "search"] {
        assert_eq!(served.get(query).status, 400, "{query}");
    }
    assert_eq!(served.get("words?row=99").status, 404);
    assert_eq!(served.get("beads?from=99&count=9").json()["beads"], json!([]));
    assert_eq!(served.beads(), before);
}

#[test]
fn words_are_those_of_the_search_once_it_is_ready() {
    let (_folder, served) = serve();
    let start = Instant::now();
    let answer = loop {
        let answer = served.get("words?row=0").json();
        if answer["final"] == true {
            break answer;
        }
        assert!(start.elapsed() < Duration::from_secs(60), "{answer}");
        thread::sleep(Duration::from_millis(50));
    };
    let stale = served.get("words?row=99&revision=7").json();
    assert_eq!((&stale["final"], &stale["links"]), (&json!(false), &json!([])));
    let links = answer["links"].as_array().expect("links");
    assert!(!links.is_empty(), "{answer}");
    let bead = &served.get("beads?from=0&count=1").json()["beads"][0];
    for (side, segments) in [("src", "src_segments"), ("tgt", "tgt_segments")] {
        for link in links {
            let [segment, start, end] =
                [0, 1, 2].map(|at| link[side][at].as_u64().expect("a number"));
            let text = bead[segments][segment as usize]["text"].as_str().expect("text");
            let units: Vec<u16> = text.encode_utf16().collect();
            let word = String::from_utf16_lossy(&units[start as usize..end as usize]);
            assert!(!word.is_empty() && !word.contains(' '), "{word:?} in {text:?}");
        }
    }
}

#[test]
fn decisions_answer_with_what_changed() {
    let (_folder, served) = serve();
    let answer = served.post("decisions", &json!({"revision": 0, "decision": {
        "type": "set_beads", "src": [0, 2], "tgt": [0, 2], "beads": [{"src": [0, 2], "tgt": [0, 2]}]}}));
    assert_eq!(answer.status, 200, "{answer:?}");
    let answer = answer.json();
    assert_eq!(answer["revision"], 1);
    assert_eq!((&answer["first_row"], &answer["total"]), (&json!(0), &json!(4)));
    assert_eq!(answer["inserted"][0]["decided"], "changed");
    assert_eq!(answer["inserted"][0]["src_segments"][1]["index"], 1);
    assert_eq!(answer["can_undo"], true);
    let session = served.get("session");
    assert!(session.head.contains("etag: \"1\""), "{}", session.head);
    let session = session.json();
    assert_eq!(session["languages"], json!({"src": "ar", "tgt": "en"}));
    assert_eq!(session["version"], 1);
    let ribbon = served.get("ribbon").json();
    assert_eq!(ribbon["total"], 4);
    // Row 0 is changed, the others are not looked at.
    assert_eq!(ribbon["decided"], "AgAAAA==");
    let back = served.post("undo", &json!({"revision": 1})).json();
    assert_eq!(
        (&back["revision"], &back["total"], &back["can_redo"]),
        (&json!(2), &json!(5), &json!(true))
    );
}

#[test]
fn offsets_count_utf16_code_units() {
    let folder = Folder::new();
    folder.write("a.ar", "𝄞 وصل القطار.\nعاد أحمد.\n");
    folder.write("a.en", "𝄞 The train arrived.\nAhmad returned.\n");
    let served = Served::start(&folder, &["--segmented", "a.ar", "a.en"]);
    let hits = served.get("search?q=train").json();
    assert_eq!(hits["hits"][0]["ranges"], json!([[7, 12]]));
    assert_eq!(hits["total"], 1);
    // Inside the clef there is no place to cut.
    let cut = |at: usize| json!({"revision": 0, "decision": {"type": "cut", "side": "tgt", "segment": 0, "at": at}});
    assert_eq!(served.post("decisions", &cut(1)).status, 422);
    assert_eq!(served.post("decisions", &cut(7)).status, 200);
    let beads = served.get("beads").json().to_string();
    assert!(beads.contains("\"𝄞 The\"") && beads.contains("\"train arrived.\""), "{beads}");
}

#[test]
fn decisions_of_a_list_that_are_refused_are_named() {
    let (_folder, served) = serve();
    let all = |revision: u64, rows: &[usize]| {
        let decisions: Vec<_> =
            rows.iter().map(|row| json!({"type": "confirm", "row": row})).collect();
        json!({"revision": revision, "decision": {"type": "all", "decisions": decisions}})
    };
    let answer = served.post("decisions", &all(0, &[0, 99, 1]));
    assert_eq!(answer.status, 200, "{answer:?}");
    let answer = answer.json();
    assert_eq!(answer["summary"]["confirmed"], 2);
    assert_eq!(answer["refused"][0][0], 1);
    assert!(answer["refused"][0][1].as_str().is_some_and(|why| why.contains("no row 100")));
    let answer = served.post("decisions", &all(1, &[0]));
    assert_eq!((answer.status, &answer.json()["refused"][0][0]), (422, &json!(0)));
    let pair = json!({"type": "reject_pair", "src": [3, 4], "tgt": [3, 4]});
    let answer = served.post("decisions", &json!({"revision": 1, "decision": pair}));
    assert_eq!(answer.status, 200, "{answer:?}");
    let unaligned = json!({"type": "unalign_segments", "side": "src", "segments": [2, 3]});
    let answer = served.post("decisions", &json!({"revision": 2, "decision": unaligned}));
    assert_eq!(answer.status, 200, "{answer:?}");
}

#[test]
fn a_document_that_another_program_has_is_locked() {
    let folder = Folder::new();
    folder.write("c/a.ar.txt", crate::util::ARABIC);
    folder.write("c/a.en.txt", crate::util::ENGLISH);
    folder.run(&["align", "--corpus", "c", "-o", "out"]).ok();
    let first = Served::start(&folder, &["out"]);
    assert_eq!(first.get("session").status, 200);
    let second = Served::start(&folder, &["out"]);
    let answer = second.get("session");
    assert_eq!(answer.status, 423, "{answer:?}");
    assert!(answer.json()["error"].as_str().is_some_and(|it| it.contains("being reviewed by")));
    first.kill();
    assert_eq!(second.get("session").status, 200);
}

#[cfg(unix)]
#[test]
fn a_program_that_is_interrupted_leaves_no_lock() {
    let (folder, served) = serve();
    assert!(folder.path("a.review.jsonl.lock").exists());
    served.interrupt();
    assert!(folder.path("a.review.jsonl").exists());
    assert!(!folder.path("a.review.jsonl.lock").exists());
}

#[test]
fn a_review_on_all_addresses_names_one_for_other_machines() {
    let folder = Folder::with_pair();
    let args = ["--segmented", "a.ar", "a.en", "--host", "0.0.0.0"];
    let served = Served::start(&folder, &args);
    assert_eq!(served.get("session").status, 200);
}
