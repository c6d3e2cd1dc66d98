//! Memories and XLIFF documents in the shapes that programs write, for round trips.

/// Two pairs, each as Arabic and English.
const PAIRS: [[&str; 2]; 2] =
    [["افتح الملف", "Open the file"], ["أغلق الباب الآن", "Close the door now"]];

/// A file and its name.
pub(crate) struct Sample {
    pub(crate) name: &'static str,
    pub(crate) text: String,
    /// The number of pairs in it.
    pub(crate) pairs: usize,
}

fn sample(name: &'static str, pairs: usize, text: impl Into<String>) -> Sample {
    Sample { name, text: text.into(), pairs }
}

/// Returns the units of a memory, made from both texts of each pair.
fn units(unit: impl Fn(&str, &str) -> String) -> String {
    PAIRS.iter().map(|[ar, en]| unit(ar, en)).collect()
}

/// Returns samples of TMX.
pub(crate) fn memories() -> Vec<Sample> {
    let header = "<header creationtool=\"t\" creationtoolversion=\"1\" segtype=\"sentence\" \
                  o-tmf=\"t\" adminlang=\"en\" srclang=\"en\" datatype=\"plaintext\"/>";
    vec![
        sample(
            "dates.tmx",
            2,
            format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE tmx SYSTEM \"tmx14.dtd\">\n\
             <tmx version=\"1.4\">\n{header}\n<body>\n{}</body>\n</tmx>\n",
                units(|ar, en| format!(
                    "<tu tuid=\"{}\" creationdate=\"20200101T000000Z\" creationid=\"A &amp; B\" changedate=\"20210203T040506Z\" changeid=\"C\" usagecount=\"3\">\n\
                 \t<note xml:lang=\"en\">seen &lt;twice&gt;</note>\n\t<prop type=\"project\">P 1</prop>\n\
                 \t<tuv xml:lang=\"EN-US\" creationid=\"X\"><prop type=\"quality\">7</prop><seg>{en}</seg></tuv>\n\
                 \t<tuv xml:lang=\"AR-SA\"><note>n</note><seg>{ar}</seg></tuv>\n</tu>\n",
                    en.len()
                ))
            ),
        ),
        sample(
            "codes.tmx",
            2,
            format!(
                "<tmx version=\"1.4\">{header}<body>{}</body></tmx>",
                units(|ar, en| format!(
                    "<tu><tuv xml:lang='en'><seg><bpt i='1' type='bold'>&lt;b></bpt>{en}<ept i='1'>&lt;/b></ept> <ph x='2'>{{0}}<sub>tip</sub></ph><hi type='t'>now</hi></seg></tuv>\
                 <tuv xml:lang='ar'><seg>{ar}<it pos='begin'>&lt;i></it><ut>x</ut></seg></tuv></tu>"
                ))
            ),
        ),
        sample(
            "crlf.tmx",
            2,
            format!(
                "<?xml version='1.0'?>\r\n<tmx version='1.4'>\r\n {header}\r\n <body>\r\n{} </body>\r\n</tmx>\r\n",
                units(|ar, en| format!(
                    "  <tu>\r\n    <tuv xml:lang='ar'>\r\n      <seg>{ar}</seg>\r\n    </tuv>\r\n    <tuv xml:lang='en'>\r\n      <seg>{en}</seg>\r\n    </tuv>\r\n  </tu>\r\n"
                ))
            ),
        ),
        sample(
            "several.tmx",
            2,
            format!(
                "<tmx version='1.4'><header srclang='*all*'><note>of us</note><prop type='a'>b</prop><ude name='u'><map unicode='#xF8FF' code='#xF0'/></ude></header><body><!-- first -->{}<!-- last --></body></tmx>",
                units(|ar, en| format!(
                    "<tu srclang='de'><tuv xml:lang='de'><seg>Tür</seg></tuv><tuv xml:lang='en'><seg>{en}</seg></tuv><tuv xml:lang='ar-EG'><seg>{ar}</seg></tuv><tuv xml:lang='ar-SA'><seg>{ar}!</seg></tuv></tu>"
                ))
            ),
        ),
        sample(
            "untranslated.tmx",
            2,
            format!(
                "<tmx version='1.4'>{header}<body><tu tuid='0'><tuv xml:lang='en'><seg>No Arabic</seg></tuv></tu>\n{}<tu><tuv xml:lang='fr'><seg>Non</seg></tuv></tu></body></tmx>",
                units(|ar, en| format!(
                    "<tu><tuv xml:lang='ara'><seg>{ar}</seg></tuv><tuv xml:lang='eng'><seg>{en}</seg></tuv></tu>\n<tu><tuv xml:lang='en'><seg>Only</seg></tuv></tu>"
                ))
            ),
        ),
        sample(
            "prefix.tmx",
            2,
            format!(
                "<t:tmx xmlns:t='urn:t' version='1.4'><t:header srclang='en'/><t:body>{}</t:body></t:tmx>",
                units(|ar, en| format!(
                    "<t:tu><t:tuv xml:lang='en'><t:seg>{en}</t:seg></t:tuv><t:tuv xml:lang='ar'><t:seg>{ar}</t:seg></t:tuv></t:tu>"
                ))
            ),
        ),
        sample(
            "old.tmx",
            2,
            format!(
                "<?xml version=\"1.0\" ?><tmx version=\"1.1\"><header creationtool='x' srclang='EN-GB'></header><body>{}</body></tmx>",
                units(|ar, en| format!(
                    "<tu><tuv lang='EN-GB'><seg>{en} &#x2192; &amp;<![CDATA[ <x> ]]></seg></tuv><tuv lang='AR'><seg>{ar}</seg></tuv></tu>"
                ))
            ),
        ),
        sample(
            "bare.tmx",
            2,
            format!(
                "<tmx>{header}<body>{}</body></tmx>",
                units(|ar, en| format!(
                    "<tu>\n<tuv xml:lang='English'>{en}</tuv>\n<tuv xml:lang='Arabic'>{ar}</tuv>\n</tu>"
                ))
            ),
        ),
        sample(
            "groups.tmx",
            2,
            format!(
                "<tmx version='1.4'>{header}<body>{}</body></tmx>",
                units(|ar, en| format!(
                    "<tu><prop type=\"x-ALS:Context\">TXT</prop><prop type=\"x-context-post\">&lt;seg>{ar}&lt;/seg></prop><tuv xml:lang=\"en-us\"><seg>{en}</seg></tuv><tuv xml:lang=\"ar-x-arb\"><seg>{ar}</seg></tuv></tu>"
                ))
            ),
        ),
        sample(
            "dialect.tmx",
            2,
            format!(
                "<tmx version='1.4'>{header}<body>{}</body></tmx>\n<!-- the end -->\n",
                units(|ar, en| format!(
                    "<tu><tuv xml:lang='arz'><seg>{ar}</seg></tuv><tuv xml:lang='en'><seg>{en}</seg></tuv></tu><?t here?>"
                ))
            ),
        ),
        sample(
            "own.tmx",
            2,
            format!(
                "<tmx version='1.4'>{header}<body>{}</body></tmx>",
                units(|ar, en| format!(
                    "<tu tuid='1'><prop type='x-nasaq-probability'>0.9</prop><prop type='x-nasaq-doc'>d</prop><tuv xml:lang='ar'><seg>{ar}</seg></tuv><tuv xml:lang='en'><seg>{en}</seg></tuv></tu>"
                ))
            ),
        ),
    ]
}

/// Returns samples of XLIFF.
pub(crate) fn documents() -> Vec<Sample> {
    let first = "<xliff version=\"1.2\" xmlns=\"urn:oasis:names:tc:xliff:document:1.2\"";
    let file = "source-language=\"en\" target-language=\"ar\" datatype=\"plaintext\"";
    let second = "<xliff xmlns=\"urn:oasis:names:tc:xliff:document:2.0\" version=\"2.0\" srcLang=\"en-US\" trgLang=\"ar-SA\"";
    vec![
        sample(
            "plain.xlf",
            2,
            format!(
                "<?xml version=\"1.0\"?>\n{first}>\n<file original=\"a.txt\" {file}>\n<header><tool tool-id='t' tool-name='T'/></header>\n<body>\n{}</body>\n</file>\n</xliff>\n",
                units(|ar, en| format!(
                    "<trans-unit id=\"{}\" approved=\"yes\" resname=\"r\" maxwidth=\"9\">\n<source xml:lang=\"en\">{en}</source>\n<target state=\"final\" xml:lang=\"ar\">{ar}</target>\n<note from=\"dev\">n</note>\n</trans-unit>\n",
                    en.len()
                ))
            ),
        ),
        sample(
            "codes.xlf",
            2,
            format!(
                "{first}><file original='a' {file}><body><group id='g'><note>of the group</note>{}</group></body></file></xliff>",
                units(|ar, en| format!(
                    "<trans-unit id='{}'><source>{en}<x id='1' ctype='lb'/><g id='2'>go<bpt id='3'>&lt;b></bpt></g></source><target>{ar}<x id='1' ctype='lb'/></target><alt-trans match-quality='80'><source>Old</source><target>قديم</target></alt-trans></trans-unit>",
                    en.len()
                ))
            ),
        ),
        sample(
            "segments.sdlxliff",
            4,
            format!(
                "{first} xmlns:sdl=\"http://sdl.com/FileTypes/SdlXliff/1.0\" sdl:version=\"1.0\"><doc-info xmlns='http://sdl.com/FileTypes/SdlXliff/1.0'><seg-defs/></doc-info><file original='a' {file}><header><file-info xmlns='http://sdl.com/FileTypes/SdlXliff/1.0'><value key='k'>v</value></file-info></header><body>{}</body></file></xliff>",
                units(|ar, en| format!(
                    "<group><sdl:cxts><sdl:cxt id='1'/></sdl:cxts><trans-unit id='{0}'><source>{en}. Two.</source><seg-source><g id='5'><mrk mtype='seg' mid='1'>{en}.</mrk> <mrk mtype='seg' mid='2'>Two.</mrk></g></seg-source><target><g id='5'><mrk mtype='seg' mid='1'>{ar}.</mrk> <mrk mtype='seg' mid='2'>اثنان.</mrk></g></target><sdl:seg-defs><sdl:seg id='1' conf='Translated'><sdl:value key='created_by'>X</sdl:value></sdl:seg></sdl:seg-defs></trans-unit></group>",
                    en.len()
                ))
            ),
        ),
        sample(
            "languages.xlf",
            1,
            format!(
                "{first}><file original='a' source-language='en' target-language='fr' datatype='x'><body><trans-unit id='1'><source>Open</source><target>Ouvrir</target></trans-unit></body></file><file original='b' {file}><body><trans-unit id='1'><source>Open</source><target>افتح</target></trans-unit></body></file></xliff>"
            ),
        ),
        sample(
            "untranslated.xlf",
            2,
            format!(
                "{first}><file original='a' {file}><body><trans-unit id='0'><source>New</source></trans-unit>{}<trans-unit id='z' translate='no'><source>X</source><target/></trans-unit></body></file></xliff>",
                units(|ar, en| format!(
                    "<trans-unit id='{}'><source>{en}</source><target>{ar}</target></trans-unit><bin-unit id='b' mime-type='image/png'><bin-source><external-file href='a.png'/></bin-source></bin-unit>",
                    en.len()
                ))
            ),
        ),
        sample(
            "second.xliff",
            2,
            format!(
                "{second}>\n <file id=\"f1\" original=\"a.docx\">\n  <skeleton href=\"a.skl\"/>\n  <notes><note>of the file</note></notes>\n{} </file>\n</xliff>\n",
                units(|ar, en| format!(
                    "  <unit id=\"u{}\" name=\"n\">\n   <notes>\n    <note id=\"1\" category=\"c\">n</note>\n   </notes>\n   <originalData><data id=\"d1\">&lt;br/&gt;</data></originalData>\n   <segment id=\"s1\" state=\"reviewed\" subState=\"x:y\">\n    <source>{en}<ph id=\"1\" dataRef=\"d1\"/><pc id=\"2\">it</pc></source>\n    <target>{ar}<ph id=\"1\" dataRef=\"d1\"/></target>\n   </segment>\n   <ignorable><source> </source></ignorable>\n  </unit>\n",
                    en.len()
                ))
            ),
        ),
        sample(
            "modules.xliff",
            2,
            format!(
                "{second} xmlns:mda=\"urn:oasis:names:tc:xliff:metadata:2.0\" xmlns:mtc=\"urn:oasis:names:tc:xliff:matches:2.0\"><file id='f'><group id='g1'>{}</group></file></xliff>",
                units(|ar, en| format!(
                    "<unit id='u{}'><mtc:matches><mtc:match ref='#s1'><source>Old</source><target>قديم</target></mtc:match></mtc:matches><mda:metadata><mda:metaGroup category='t'><mda:meta type='a'>b</mda:meta></mda:metaGroup></mda:metadata><segment id='s1'><source>{en}</source><target>{ar}</target></segment></unit>",
                    en.len()
                ))
            ),
        ),
        sample(
            "parts.xliff",
            4,
            format!(
                "{second}><file id='f'>{}</file></xliff>",
                units(|ar, en| format!(
                    "<unit id='u{}'><segment id='s1'><source>{en}</source><target>{ar}</target></segment><segment id='s2' canResegment='no'><source>Two.</source><target>اثنان.</target></segment><segment id='s3'><source>New.</source></segment></unit>",
                    en.len()
                ))
            ),
        ),
        sample(
            "prefix.xliff",
            2,
            format!(
                "<x:xliff xmlns:x='urn:oasis:names:tc:xliff:document:2.0' version='2.1' srcLang='en' trgLang='ar'><x:file id='f'>{}</x:file></x:xliff>",
                units(|ar, en| format!(
                    "<x:unit id='u{}'><x:segment><x:source>{en}<x:cp hex='001A'/></x:source><x:target>{ar}</x:target></x:segment></x:unit>",
                    en.len()
                ))
            ),
        ),
        sample(
            "memoq.mqxliff",
            2,
            format!(
                "{first} xmlns:mq=\"MQXliff\"><file original='a' {file}><header><mq:docinformation/></header><body>{}</body></file></xliff>",
                units(|ar, en| format!(
                    "<trans-unit id='{}' mq:status='ManuallyConfirmed'><source xml:space='preserve'>{en}</source><target xml:space='preserve'>{ar}</target><context-group><context context-type='x-mmq-context'>c</context></context-group></trans-unit>",
                    en.len()
                ))
            ),
        ),
    ]
}
