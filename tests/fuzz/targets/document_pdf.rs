//! A PDF: any bytes, and any contents, `ToUnicode`, font, resources and structure tree in a whole file,
//! divided by NUL bytes.
#![no_main]

mod documents;

use libfuzzer_sys::fuzz_target;
use nasaq_formats::DocumentReader;

fuzz_target!(|bytes: &[u8]| {
    documents::check(DocumentReader::new(), "a.pdf", bytes);
    let mut parts = bytes.splitn(5, |byte| *byte == 0);
    let mut part = || parts.next().unwrap_or_default();
    let (contents, to_unicode, font, resources) = (part(), part(), part(), part());
    let whole = file(contents, to_unicode, font, resources, part());
    documents::check(DocumentReader::new(), "a.pdf", &whole);
});

/// Returns a file with one page; its cross-references are missing, so that they are rebuilt.
fn file(
    contents: &[u8],
    to_unicode: &[u8],
    font: &[u8],
    resources: &[u8],
    tree: &[u8],
) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R/StructTreeRoot 9 0 R\
        /MarkInfo<</Marked true>>>>endobj\n\
        2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 600 800]>>endobj\n\
        3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</XObject<</X 8 0 R>>/Font<</F 5 0 R\
        /G<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
        .to_vec();
    out.extend(resources);
    out.extend(
        b">>>>endobj\n5 0 obj<</Type/Font/Subtype/Type0/Encoding/Identity-H/ToUnicode 6 0 R\
        /DescendantFonts[<</Subtype/CIDFontType2/FontDescriptor<</FontFile2 7 0 R>>>>]>>endobj\n",
    );
    let (none, form): (&[u8], &[u8]) = (b"", b"/Type/XObject/Subtype/Form");
    for (id, dict, bytes) in
        [(4, none, contents), (6, none, to_unicode), (7, none, font), (8, form, contents)]
    {
        out.extend(format!("{id} 0 obj<</Length {}", bytes.len()).into_bytes());
        out.extend([dict, b">>stream\n", bytes, b"\nendstream endobj\n"].concat());
    }
    out.extend([b"9 0 obj<</Type/StructTreeRoot/K ", tree, b">>endobj\n"].concat());
    out.extend(b"trailer<</Root 1 0 R/Size 10>>\n%%EOF\n");
    out
}
