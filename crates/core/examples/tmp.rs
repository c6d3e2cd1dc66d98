use nasaq::*;
use std::fs;
fn main() {
    let root = "/work/shared/gold";
    for set in ["law", "literature", "news", "wiki", "health", "bible", "udhr"] {
        let mut names: Vec<_> = fs::read_dir(format!("{root}/{set}/gold"))
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        let (mut n, mut firm, mut bad, mut words, mut badw) = (0, 0, 0, 0, 0);
        for name in names {
            let r = |s: &str| fs::read_to_string(format!("{root}/{set}/{s}/{name}")).unwrap();
            let (a, e, g) = (r("ar"), r("en"), r("gold"));
            let a = lines(&a);
            let e = lines(&e);
            for line in g.lines() {
                let (x, y) = line.split_once("]:[").unwrap();
                let idx = |s: &str| -> Vec<usize> {
                    s.trim_matches(|c| c == '[' || c == ']')
                        .split(", ")
                        .filter(|s| !s.is_empty())
                        .map(|s| s.parse().unwrap())
                        .collect()
                };
                let y = y.split(']').next().unwrap();
                let (x, y) = (idx(x), idx(y));
                if x.is_empty() || y.is_empty() {
                    continue;
                }
                let s = x.iter().map(|&i| a[i].text).collect::<Vec<_>>().join(" ");
                let t = y.iter().map(|&i| e[i].text).collect::<Vec<_>>().join(" ");
                let (ns, nt) = (normalise(&s), normalise(&t));
                let (qs, qt) =
                    (quantities(&ns, Language::Arabic), quantities(&nt, Language::English));
                let c = compare_quantities(&qs, &qt);
                n += 1;
                let f = qs.iter().chain(&qt).any(|q| q.is_firm());
                firm += f as u32;
                let w = qs.iter().chain(&qt).any(|q| !q.is_firm() && !q.weak);
                words += w as u32;
                let missf: Vec<_> = qs
                    .iter()
                    .zip(&c.src)
                    .chain(qt.iter().zip(&c.tgt))
                    .filter(|(q, a)| q.is_firm() && a.is_none())
                    .map(|(q, _)| q.amount.to_string())
                    .collect();
                let missw: Vec<_> = qs
                    .iter()
                    .zip(&c.src)
                    .chain(qt.iter().zip(&c.tgt))
                    .filter(|(q, a)| !q.is_firm() && !q.weak && a.is_none())
                    .map(|(q, _)| q.amount.to_string())
                    .collect();
                if !missf.is_empty() {
                    bad += 1;
                }
                if !missw.is_empty() {
                    badw += 1;
                }
                if !missf.is_empty() || (!missw.is_empty() && set != "bible") {
                    println!("{set} F{missf:?} W{missw:?}\n  {ns}\n  {nt}");
                }
            }
        }
        eprintln!("{set} pairs {n} with firm {firm} bad {bad}; with words {words} bad {badw}");
    }
}
