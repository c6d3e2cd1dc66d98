//! Frequent words of the languages of the Arabic script, and of Arabic in Latin letters.
//!
//! Words are written with the letters of an Arabic keyboard: ي for ی and ى, ك for ک, ه for ہ and
//! ھ. Words with letters that Arabic lacks need no list.

use std::sync::OnceLock;

use hashbrown::HashMap;

/// Words of Persian, Urdu, Kurdish and Pashto that are no words of Arabic or its dialects.
const FOREIGN_WORDS: &str = "\
    راغي ستونزه لمر اوري است اين كه از براي شود شده شدند شدم شدن كرده كردند كردم كردن كند كنند كنم كنيد كنيم ميشود \
    ميكنم ميكند ميكنيد ميكنند ميكنيم ميخواهم ميخواهد ميخواهيد ميدانم ميداند ميدانيد ميرود ميروم \
    ميرويم ميآيد ميگويد نميدانم نميداند نميخواهم نميتوانم نميتواند نميشود نميكنم نميكند ميتوانم \
    ميتواند ميتوان ميتوانيد ميبينم ميخورد ميخورم ميخواند ميخوانم دوستت نيست نيستم نيستند هست هستم \
    هستند هستيد هستيم بودم بودند بوده بوديم بودن بايد خواهد خواهم خواهند خواهيم دارد دارم دارند \
    داريد داريم داشت داشتم داشتند داشته ندارد ندارم ندارند يك خيلي خوب خوبي بسيار بسياري امروز \
    فردا ديروز امشب ديشب اكنون هنوز هميشه هرگز شما شمارا ايشان خودم خودش خودت خودشان ديگر ديگري \
    اگر زيرا هيچكس كجا كجاست كسي چند كدام دوست دوستم دوستان دوستانم خانواده رفت رفتم رفتند رفته \
    رفتيم برود بروم برويم آمدم آمدند آمده آمديم بيايد بيرون مادرم مادرش پدرم برادر برادرم خواهر \
    خواهرم دختر دخترم شنبه يكشنبه دوشنبه آسمان زندگي بزرگ كوچك كوچه كشور كشورها اينجا آنجا اينكه \
    آنكه آنها اينها آنان همين همچنين همان نيز هايي هايش هايم ترين بيشتر كمتر بهتر بهترين بدترين \
    مانند چنين آيا ديدم ديدند ديده ديد خدا خداي خداوند خداحافظ ممنونم متشكرم ببخشيد دوباره ميان \
    سپس توانست توانستند گرفت گرفته گرفتند نوشت نوشته نوشتم خواند خواندم خوانده دانشگاه دانشجو \
    دانشجويان دانش آموز آموزان نامه كتابخانه روزنامه روزها روزي شبها سالها ساله هزاران خيابان \
    اتاق ماشين هواپيما كودك كودكان بچه زنان مردان جوانان صندلي غذا پنج شش هفت هشت بيست چهل كارم \
    كنارش روبه پيش پيشنهاد پيدا فارسي ايراني مهربان زيبا زيبايي كوتاه گرم خسته گرسنه خوشحال \
    خوشحالم ناراحت غمگين اميدوارم اميدوار ميهن آزادي آزاد باشد باشم باشند باشيد باشيم نباشد نباش \
    نبود نبودم نبودند نكرد نكردم نداد دادند دادم داده دهد دهند دهم بدهيد گفتم گفته گفتند شنيدم \
    شنيد شنيدن فهميدم فهميد خريد خريدم خريديم فروخت خوردم خورد خوردند خوردن خوابيد خوابيدم آوردم \
    آورد آوردند بردم زدم زدند كشيد كشيدم رسيد رسيدم رسيدند ماند ماندم ماندند نشست نشستم نشستند \
    نشسته ايستاد لطفاً سپاس درود درباره دربارهي پايان آغاز هفته آينده گذشته اولين دومين سومين \
    آخرين تنها هركس هرچه هيچوقت چطور چطوري چگونه چرا چون چيست كيست ايك كرنا كرتا كرتي كرتے كوئي \
    همارا هماري تمهارا تمهاري تها تهي تهيں رهتا رهتي هوتا هوتي سكتا سكتي جاتا جاتي آتا آتي ديتا \
    ديتي ليتا ليتي كهتا كهتي كهانا جانا ديكها ديكهو سنو كهاں وهاں يهاں اپنا اپني بهائي ليكن مگر \
    اور كيسا كيسي كتنا كتني اچها اچهي بهت لركا پاني دوسرا دوسري تيسرا دكان لوگ گهر كيوں كرو كرين \
    آئي گئي نئي هوئي كهيل لكها پرها زه زما هغه هغوي دغه ستاسو ستاسي زموږ مونږ مونگ لري لرم لرو \
    كوو وكره نشته شته دئ كيږي كيدل كولو كولاي راغلي راغله تللي ورته راته لپاره پورته ښكته وروسته \
    مخكي هلته دلته كله ئهم ئهو كورد كوردستان ههر كارمند فرهنگ نمي";

/// Words that are frequent in another language of the script and exist in Arabic too.
const HOMOGRAPH_WORDS: &str = "\
    به هم ها هاي شد آن جو خود پر در دست روز شب كار كاري بود بر نه بله بلي تا هر كي كن كرد ولي اما \
    من ما تو او مي رو روي مادر مردم كنار وقتي يا نام شهر دولت سال آب هوا چه باز بد زن مرد داد آمد \
    دل جان بار پس كس خان شاه دوش دو سه سي صد ياد يار يكي مدرسه باب بين حال هوي كو كر كيا اس يه وه \
    ميرا ميري بهي رها رهي جب تب بات سو ته وو سره چي يم يو نو لار راغ ور ستا زور كات هات بوو دوا \
    ناو شايد هزار كوم بيا كا همه با را مرا خانه بازي";

/// Words that are Arabic, in the standard language or a dialect, and in no other language of the
/// script; forms with a hamza on alef or waw, the article or ة need no list.
const OWN_WORDS: &str = "\
    في فيه فيها فيهم الي اليه اليها اليهم عن عنه عنها عليه عليها عليهم عليك علينا عليكم انا انت \
    انتي انتم انتو انتوا نحن احنا هو هي هما هذا هذه هذي هاذا هاذي هذاك هذيك هاد هادا هادي هداك \
    هاذ هذول هدول ذلك ذاك تلك هؤلاء هولاء اولئك هناك هنا هنالك هون هونيك هنيك لا لم لن ليس ليست \
    لست قد لقد كان كانت كانوا كنت كنا يكون تكون اكون نكون سوف التي الذي الذين اللذين اللواتي مع \
    معه معها معي معك معاك معايا معانا معاه عند عنده عندها عندي عندك عندنا عندهم عندما منذ ثم لكن \
    لكنه لكنها لان لانه لانها اذا اذن كيف كيفك كيفكم ماذا لماذا متي وين فين منين ايش اش وش شنو \
    شنهو شنوه شنوا اشنو شكون شكو ماكو اكو مش مو مب موب مهوب مانيش ماشي موش مفيش مافي مافيش مافيه \
    ماعنديش ليش ليه لك لها لهم لنا لكم بها بهم بنا بكم بك منه منها منهم مني منك منا اليوم كلها \
    كلهم كلنا جدا ازاي ازيك ازيكم ايه دول كده كدا هيك هيكي هيج عايز عايزه عاوز عاوزه عايزين بدي \
    بدك بدها بدنا بدكم هلق هلا هلأ دلوقتي دلوقت امبارح مبارح البارح بكره بكرا النهارده كتير كثير \
    اوي قوي برضه برضو لسه لسا علشان عشان شلون شلونك شلونكم كيفاش علاش وقتاش قداش قديش واش بزاف \
    ديال ديالي ديالك ديالو ديالها دابا غادي كاين كاينه ماكاينش حنا برشا توا يزي نحب نحبو راني راه \
    راهي راك ابغي ابغا ابي تبي يبي نبي يبغي تبغي زين زينه حيل وايد يلا بس اللي بتاع بتاعي بتاعه \
    تبع تبعي مالي مالك انو انه انها انهم اني انك انكم ان بان فان لو حتي بعدين طبعا ايضا شكرا عفوا \
    اهلا مرحبا نعم لديه لدي لديها لدينا لديك بينما حيث كما مما عما فيما بما لما خلال ضد نحو حول \
    هل الا غير بدون فقط جميع جميعا هكذا كذلك لذلك لهذا بهذا وهذا قال قالت قلت يقول تقول اقول \
    قالوا رح راح رايح رايحه جاي جايه شاف شفت شفتك عم خلاص طيب صح يمكن عارف عارفه عرفت اعرف يعرف \
    تعرف نعرف يريد اريد تريد نريد يجب ينبغي يبدو اسوي تسوي يسوي شسوي شتسوي گال گلت گلتله يگول \
    تگول گلي چان چانت چنت چا هواي هوايه اهواي هسه هسا توه توني جذي چذي شفيك علامك شخبارك شحالك \
    حالك حالكم ياخي يابا حبيبي صاحبي خويا ختي بيت بيتنا ولد بنت مرة";

/// Words of Arabic in Latin letters that English lacks.
const ARABIZI_WORDS: &str = "\
    ani enta enti inta inti ente ento intu intou enty e7na ehna ihna howa huwa howwa heya hiya \
    heyya homma humma mesh mush mosh msh moo mafi mafish mafeesh mafeish maku makuu fih feeh \
    yalla yallah wallah wallahi walla wel wil fel fil bil ely elly elli illi deh dah dol keda kda \
    kida kidda hek heik hayk haik hayda hada hadi hadshi hadchi haza hatha hadha lesh leish leh \
    leih eih esh eish shou chou chno shno shnu shinu wach ach kif keef kifak kifek keefak izzayak \
    ezayak ezzayak ezzay ezay shlonak shlonik shlonich labas feen fein fen wein wayn wen mneen \
    menein emta imta lama lamma lazem lazim mumken momken bass kaman kman kteer ktir kteir ketir \
    awi awy gidan gedan jiddan bezzaf bzaf barsha wayed hwaya dayman daiman delwa2ti dilwaqti \
    halla halla2 hala2 daba tawa hassa hessa bokra bukra boukra embare7 mbare7 mbareh embareh \
    elnaharda enaharda elyom alyom elyoum lyoum yom youm sabah masa saba7 sba7 kheir khair \
    shukran choukran shokran 3afwan afwan ahlan marhaba mar7aba slm 3alaikum alaikum alaykum \
    habibi habibti 7abibi 7abibti sadiqi sadi2i akhi akhoy akhoya okhti ukhti ummi ommi walad \
    bint bent welad banat bayt kitab ktab kteb ayez 3ayez ayza aayez 3ayz awez biddi beddi bedde \
    baddi bade badde bddi bghit bgheet abgha aby abi tabi yabi orid urid areed uhibb ba7eb bahib \
    bahebbak bahebak bhebbak b7ebak behebak uhibbuk n7eb mabsut mabsoot mabsout za3lan zaalan \
    ta3ban taaban 3atshan gaw3an ju3an roo7 rou7 ra7 rah raye7 rayeh ray7in jayin gayeen shuft \
    shoft shft 2olt gult golt 2al gal qal 3arif aarif aref 3aref mesh3aref ma3rafsh maarafsh \
    fahem sa7 ma3ak ma3aya ma3i maak maaya 3andi 3andak andak 3ando 3andna lik lak lek lah liya \
    ilak elak dyal diali dyali nta nti 7na hna rani raki inshallah inshalla insha2allah \
    ensha2allah nshallah mashallah alhamdulillah elhamdulillah hamdulillah hamdellah 7amdulillah \
    7amdella ya3ni yaani yanni tayeb tayyeb tayib khalas khalass 5alas tamam kwayes kwayyes \
    kwayesa quayes kuwayyis mnih mni7 mneeh zein zain zen zwin mezyan helw 7elw gamil gameel \
    jamil jameel ba3dein baadein ba3den 3ashan ashan 3alashan alashan 3shan lessa lissa sharika \
    3ala 3al 3an ila ela ma3 3and bayn ba3d taht fo2 foq gamb gowa barra bara hena hnak henak \
    hina hoon honik hawn hunak shwaya shwayya shwaye shwai shway chwiya showaya ana mish shu eh \
    hon fahim wash w mta bas hala moshkela mushkila mushkela kalam arooh aro7 shouf shoof doktor \
    kont kunt konti nafs ness akhbar akhbarak akhbarik shakhbarak akl akol aakol mayya mayyeh \
    moya btehki bte7ki btetkallem yehki dawam soog souq yabni ebni ibni el7een al7een baddak \
    biddak bitak kbir zghir sghir mabrook mabrouk mabruk fikra fekra gama3a gamaa shabab nas naas \
    wlad awlad hob hubb alby albi rouh rou7i omri 3omri hayati 7ayati zaman layl leil laila nahar \
    shams qamar amar dakhalt tala3t nazalt roht geet jit jeet";

/// Where a word in Arabic script is frequent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// In another language only.
    Foreign,
    /// In another language; it is also a word of Arabic.
    Homograph,
    /// In Arabic only.
    Own,
}

fn origins() -> HashMap<&'static str, Origin> {
    let lists = [
        (FOREIGN_WORDS, Origin::Foreign),
        (HOMOGRAPH_WORDS, Origin::Homograph),
        (OWN_WORDS, Origin::Own),
    ];
    let words = |(list, origin): (&'static str, Origin)| {
        list.split_whitespace().map(move |word| (word, origin))
    };
    lists.into_iter().flat_map(words).collect()
}

/// Returns where a word is frequent; `None` if it is in no list.
pub(super) fn origin(word: &str) -> Option<Origin> {
    static ORIGINS: OnceLock<HashMap<&str, Origin>> = OnceLock::new();
    computed_once(&ORIGINS, origins).get(word).copied()
}

/// Returns the words of Arabic in Latin letters, sorted.
pub(super) fn arabizi() -> &'static [&'static str] {
    static ARABIZI: OnceLock<Vec<&str>> = OnceLock::new();
    computed_once::<Vec<&str>>(&ARABIZI, || {
        let mut words: Vec<&str> = ARABIZI_WORDS.split_whitespace().collect();
        words.sort_unstable();
        words
    })
}

/// Returns a value that is computed when it is first needed, by each thread that needs it meanwhile.
///
/// If threads waited for one that computes it, a process that is forked in that moment would wait for
/// ever for a thread that it has not got.
fn computed_once<T>(slot: &OnceLock<T>, compute: impl FnOnce() -> T) -> &T {
    if let Some(value) = slot.get() {
        return value;
    }
    let value = compute();
    slot.get_or_init(|| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_is_in_two_lists() {
        let count: usize = [FOREIGN_WORDS, HOMOGRAPH_WORDS, OWN_WORDS]
            .map(|list| list.split_whitespace().count())
            .iter()
            .sum();
        assert_eq!(origins().len(), count);
    }
}
