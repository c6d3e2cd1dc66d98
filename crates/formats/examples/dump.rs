fn main() {
    for path in std::env::args().skip(1) {
        match nasaq_formats::DocumentReader::new().read(std::path::Path::new(&path)) {
            Ok(d) => { println!("{}", d.text); for n in d.notes { eprintln!("note: {}", n.text) } }
            Err(e) => eprintln!("{e}"),
        }
    }
}
