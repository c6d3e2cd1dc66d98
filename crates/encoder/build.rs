//! Joins the parts of the built-in model, which are in crates of their own because a crate may have only
//! 10 MB.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "builtin-model")]
    builtin::join();
}

#[cfg(feature = "builtin-model")]
mod builtin {
    use std::path::Path;
    use std::{env, fs};

    /// Where the header of a model file has the lengths of its two sections; see `docs/model.md`.
    const LENGTHS: [usize; 2] = [16, 24];
    /// The length of the header.
    const HEADER: u64 = 40;

    /// Writes the model to the folder of the build.
    ///
    /// The length is checked here, to find parts that do not belong together. The checksum is checked
    /// whenever the model is loaded.
    pub(super) fn join() {
        let model = [nasaq_model_1::PART, nasaq_model_2::PART, nasaq_model_3::PART].concat();
        let length = |at: usize| {
            u64::from_le_bytes(model[at..at + 8].try_into().expect("a slice of eight bytes"))
        };
        let expected = HEADER + LENGTHS.map(length).iter().sum::<u64>();
        assert_eq!(model.len() as u64, expected, "the parts of the model do not belong together");
        let folder = env::var_os("OUT_DIR").expect("cargo sets it");
        fs::write(Path::new(&folder).join("model.nasaq"), model).expect("the folder of the build");
    }
}
