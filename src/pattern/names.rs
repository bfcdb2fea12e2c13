//! Names of Unicode properties and their values as ECMA-262 lists them (tables 67 to 69), exact in case.

/// General categories: those of one kind, then the groups. A line has all names of one, the short one first; a short
/// name of one letter groups the categories that begin with it. The order is that of the table's numbers.
pub(crate) const CATEGORIES: &str = "\
Lu Uppercase_Letter
Ll Lowercase_Letter
Lt Titlecase_Letter
Lm Modifier_Letter
Lo Other_Letter
Mn Nonspacing_Mark
Mc Spacing_Mark
Me Enclosing_Mark
Nd Decimal_Number digit
Nl Letter_Number
No Other_Number
Pc Connector_Punctuation
Pd Dash_Punctuation
Ps Open_Punctuation
Pe Close_Punctuation
Pi Initial_Punctuation
Pf Final_Punctuation
Po Other_Punctuation
Sm Math_Symbol
Sc Currency_Symbol
Sk Modifier_Symbol
So Other_Symbol
Zs Space_Separator
Zl Line_Separator
Zp Paragraph_Separator
Cc Control cntrl
Cf Format
Cs Surrogate
Co Private_Use
Cn Unassigned
LC Cased_Letter
L Letter
M Mark Combining_Mark
N Number
P Punctuation punct
S Symbol
Z Separator
C Other";

/// How many lines of [`CATEGORIES`] are categories, not groups.
pub(crate) const CATEGORY_COUNT: usize = 30;

/// Binary properties, a line each: all its names, and behind `=` the categories it is told by.
pub(crate) const PROPERTIES: &str = "\
Alphabetic Alpha=L Nl
Lowercase Lower=Ll
Uppercase Upper=Lu
White_Space space=Z";

/// Those that are behind the feature `unicode`.
#[cfg_attr(not(feature = "unicode"), allow(dead_code))]
pub(crate) const MORE_PROPERTIES: &str = "\
ASCII_Hex_Digit AHex
Bidi_Control Bidi_C
Bidi_Mirrored Bidi_M
Case_Ignorable CI=Mn Me Cf Lm Sk
Cased=LC
Changes_When_Casefolded CWCF=Lu
Changes_When_Casemapped CWCM=LC
Changes_When_Lowercased CWL=Lu
Changes_When_Titlecased CWT=Ll
Changes_When_Uppercased CWU=Ll
Dash=Pd
Default_Ignorable_Code_Point DI
Deprecated Dep
Diacritic Dia
Emoji
Emoji_Component EComp
Emoji_Modifier EMod
Emoji_Modifier_Base EBase
Emoji_Presentation EPres
Extended_Pictographic ExtPict
Extender Ext
Grapheme_Base Gr_Base=L N P S Zs Mc
Grapheme_Extend Gr_Ext=Mn Me
Hex_Digit Hex
IDS_Binary_Operator IDSB
IDS_Trinary_Operator IDST
ID_Continue IDC=L Nl Mn Mc Nd Pc
ID_Start IDS=L Nl
Ideographic Ideo
Join_Control Join_C
Logical_Order_Exception LOE
Math=Sm
Noncharacter_Code_Point NChar
Pattern_Syntax Pat_Syn
Pattern_White_Space Pat_WS
Quotation_Mark QMark
Radical
Regional_Indicator RI
Sentence_Terminal STerm
Soft_Dotted SD
Terminal_Punctuation Term
Unified_Ideograph UIdeo
Variation_Selector VS
XID_Continue XIDC=L Nl Mn Mc Nd Pc
XID_Start XIDS=L Nl";

/// Scripts, behind the same feature: a line each, both its names.
#[cfg_attr(not(feature = "unicode"), allow(dead_code))]
pub(crate) const SCRIPTS: &str = "\
Adlam Adlm
Ahom
Anatolian_Hieroglyphs Hluw
Arabic Arab
Armenian Armn
Avestan Avst
Balinese Bali
Bamum Bamu
Bassa_Vah Bass
Batak Batk
Bengali Beng
Bhaiksuki Bhks
Bopomofo Bopo
Brahmi Brah
Braille Brai
Buginese Bugi
Buhid Buhd
Canadian_Aboriginal Cans
Carian Cari
Caucasian_Albanian Aghb
Chakma Cakm
Cham
Cherokee Cher
Chorasmian Chrs
Common Zyyy
Coptic Copt Qaac
Cuneiform Xsux
Cypriot Cprt
Cypro_Minoan Cpmn
Cyrillic Cyrl
Deseret Dsrt
Devanagari Deva
Dives_Akuru Diak
Dogra Dogr
Duployan Dupl
Egyptian_Hieroglyphs Egyp
Elbasan Elba
Elymaic Elym
Ethiopic Ethi
Garay Gara
Georgian Geor
Glagolitic Glag
Gothic Goth
Grantha Gran
Greek Grek
Gujarati Gujr
Gunjala_Gondi Gong
Gurmukhi Guru
Gurung_Khema Gukh
Han Hani
Hangul Hang
Hanifi_Rohingya Rohg
Hanunoo Hano
Hatran Hatr
Hebrew Hebr
Hiragana Hira
Imperial_Aramaic Armi
Inherited Qaai Zinh
Inscriptional_Pahlavi Phli
Inscriptional_Parthian Prti
Javanese Java
Kaithi Kthi
Kannada Knda
Katakana Kana
Kawi
Kayah_Li Kali
Kharoshthi Khar
Khitan_Small_Script Kits
Khmer Khmr
Khojki Khoj
Khudawadi Sind
Kirat_Rai Krai
Lao Laoo
Latin Latn
Lepcha Lepc
Limbu Limb
Linear_A Lina
Linear_B Linb
Lisu
Lycian Lyci
Lydian Lydi
Mahajani Mahj
Makasar Maka
Malayalam Mlym
Mandaic Mand
Manichaean Mani
Marchen Marc
Masaram_Gondi Gonm
Medefaidrin Medf
Meetei_Mayek Mtei
Mende_Kikakui Mend
Meroitic_Cursive Merc
Meroitic_Hieroglyphs Mero
Miao Plrd
Modi
Mongolian Mong
Mro Mroo
Multani Mult
Myanmar Mymr
Nabataean Nbat
Nag_Mundari Nagm
Nandinagari Nand
New_Tai_Lue Talu
Newa
Nko Nkoo
Nushu Nshu
Nyiakeng_Puachue_Hmong Hmnp
Ogham Ogam
Ol_Chiki Olck
Ol_Onal Onao
Old_Hungarian Hung
Old_Italic Ital
Old_North_Arabian Narb
Old_Permic Perm
Old_Persian Xpeo
Old_Sogdian Sogo
Old_South_Arabian Sarb
Old_Turkic Orkh
Old_Uyghur Ougr
Oriya Orya
Osage Osge
Osmanya Osma
Pahawh_Hmong Hmng
Palmyrene Palm
Pau_Cin_Hau Pauc
Phags_Pa Phag
Phoenician Phnx
Psalter_Pahlavi Phlp
Rejang Rjng
Runic Runr
Samaritan Samr
Saurashtra Saur
Sharada Shrd
Shavian Shaw
Siddham Sidd
SignWriting Sgnw
Sinhala Sinh
Sogdian Sogd
Sora_Sompeng Sora
Soyombo Soyo
Sundanese Sund
Sunuwar Sunu
Syloti_Nagri Sylo
Syriac Syrc
Tagalog Tglg
Tagbanwa Tagb
Tai_Le Tale
Tai_Tham Lana
Tai_Viet Tavt
Takri Takr
Tamil Taml
Tangsa Tnsa
Tangut Tang
Telugu Telu
Thaana Thaa
Thai
Tibetan Tibt
Tifinagh Tfng
Tirhuta Tirh
Todhri Todr
Toto
Tulu_Tigalari Tutg
Ugaritic Ugar
Vai Vaii
Vithkuqi Vith
Wancho Wcho
Warang_Citi Wara
Yezidi Yezi
Yi Yiii
Zanabazar_Square Zanb";
