//! Aligns segments by vectors that you have already computed, with an encoder of your own.
//!
//! ```sh
//! cargo run -p nasaq --example own_vectors
//! ```

use nasaq::{Aligner, Language, PrecomputedVectors, segments};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let src = segments("وصل القطار. لم ينتظره أحد. كان الجو باردا.", Language::Arabic);
    let tgt = segments("The train came. Nobody waited for it. It was cold.", Language::English);

    // One unit vector per segment. Yours come from a model; these point in three directions.
    let direction = |index: usize| {
        let mut vector = [0.1_f32; 3];
        vector[index] = 1.0;
        let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
        vector.map(|value| value / length)
    };
    let rows = |count: usize| (0..count).flat_map(direction).collect::<Vec<f32>>();
    let encoder = PrecomputedVectors::from_segments(3, rows(src.len()), rows(tgt.len()))?;

    let alignment = Aligner::builder().build()?.align(&encoder, &src, &tgt)?;
    let mut lines = String::new();
    for bead in alignment.beads() {
        let text = |segments: &[nasaq::Segment<'_>]| {
            segments.iter().map(|segment| segment.text).collect::<Vec<_>>().join(" ")
        };
        let (src, tgt) = (text(&src[bead.src.range()]), text(&tgt[bead.tgt.range()]));
        lines.push_str(&format!("{} {:.2}  {src}  {tgt}\n", bead.kind(), bead.probability));
    }
    std::io::Write::write_all(&mut std::io::stdout(), lines.as_bytes())?;
    Ok(())
}
