/** Building blocks of made-up names in one script. A person's family name is one `head` joined to one `tail`. */
export type Culture = {
  name: string;
  /** Relative frequency. */
  weight: number;
  given: readonly string[];
  head: readonly string[];
  tail: readonly string[];
  /** What stands between given and family name. */
  gap: string;
  familyFirst: boolean;
  adjectives: readonly string[];
  nouns: readonly string[];
  /** `{a}` an adjective, `{n}` and `{m}` two nouns. */
  titles: readonly string[];
};

const words = (text: string): readonly string[] => text.split(' ');

/** The scripts and manners the catalogue writes its names in. All names are composed; none is meant to be anyone's. */
export const cultures: readonly Culture[] = [
  {
    name: 'english',
    weight: 50,
    given: words(
      'Ada Bram Cleo Dorian Edda Finn Greta Hollis Ines Jory Kit Lena Milo Nell Orla Pip Quill Rhea Tamsin Wren',
    ),
    head: words('Ald Brack Cor Dun Ell Fen Gar Hal Ister Kel Lor Mar Nor Oak Pell Quar Rav Stan Thorn Wick'),
    tail: words(
      'bourne combe dale ett field grave hollow ison kirk lane mere ness over quist rook shaw ton vale worth yard',
    ),
    gap: ' ',
    familyFirst: false,
    adjectives: words(
      'Amber Broken Copper Distant Electric Folded Gentle Hollow Idle Midnight Paper Quiet Restless Silver Velvet',
    ),
    nouns: words(
      'Anchor Bridge Canyon Daylight Engine Feather Garden Harbour Island Lantern Mirror Orchard Postcard River Satellite',
    ),
    titles: [
      '{a} {n}',
      'The {n} and the {m}',
      "Don't Wake the {n}",
      '{n}',
      '{a} {n}, {a} {m}',
      'Where the {n} Goes',
      '{n} / {m}',
    ],
  },
  {
    name: 'diacritics',
    weight: 18,
    given: words(
      'Åsa Björg Çelik Dýrleif Élodie François Gülşen Håkon Íris Jörn Łucja Márton Niña Øyvind Růžena Søren Þóra Ümit Żaneta',
    ),
    head: words('Bjørk Çam Dvoř Éto Fjäll Gór Hjört Kř Ljós Mär Não Ödö Pâle Rø Sæ Štěp Tú Växj Þor Ží'),
    tail: words('ák bäck dóttir ès førde gård hús ière kärr lund myhr nès ová ñez ström tín ur vík ýr żek'),
    gap: ' ',
    familyFirst: false,
    adjectives: words('Blå Förlorad Première Última Żółty Hvít Dernière Schöne Řeka Pequeño'),
    nouns: words('Été Coração Größe Noć Sjór Fjärd Señal Čas Œuvre Łąka Ævintýr Canção'),
    titles: ['{n}', '{a} {n}', '{n} für {m}', 'À la {n}', '¿{n}?', '{n} och {m}'],
  },
  {
    name: 'hangul',
    weight: 7,
    given: words('가온누리 나래별 다솜결 라온해 마루찬 보담빛 새론솔 아라담 하늘샘 도담비'),
    head: words('구 남 라 문 별 솔 윤 표 해'),
    tail: words('결 들 랑 봄 산 온'),
    gap: ' ',
    familyFirst: true,
    adjectives: words('파란 조용한 느린 하얀 먼 낯선 오래된'),
    nouns: words('바다 밤하늘 편지 그림자 기차 유리창 봄비 정원 등대'),
    titles: ['{a} {n}', '{n}와 {m}', '{n}에게', '{n}', '{n} (Inst.)'],
  },
  {
    name: 'japanese',
    weight: 7,
    given: words('あさひな かざね こよる しずく ちぐさ なぎさ はるか みおり リュカ レンジ'),
    head: words('霧 雪 星 凪 灯 霞 碧 朔 鴇'),
    tail: words('瀬 渡 嶺 浜 辺 洲 原 沢'),
    gap: ' ',
    familyFirst: true,
    adjectives: words('青い 静かな 遠い 透明な 眠れぬ 最後の'),
    nouns: words('夜汽車 水平線 手紙 ラジオ 雨傘 屋上 プラネタリウム 花火 猫'),
    titles: ['{a}{n}', '{n}と{m}', '{n}〜{m}〜', '{n}', 'さよなら、{n}'],
  },
  {
    name: 'cyrillic',
    weight: 5,
    given: words('Агния Богдан Велена Глеб Дарина Ждан Злата Ивар Лада Мирон Радмила Тихон'),
    head: words('Бер Вет Гор Дуб Звез Клён Ледо Мороз Озёр Тум'),
    tail: words('езин кин ман ник ов овский ская ун чук юк'),
    gap: ' ',
    familyFirst: false,
    adjectives: words('Тихая Синяя Далёкая Последняя Белая'),
    nouns: words('Ночь Река Метель Дорога Звезда Осень Гавань'),
    titles: ['{a} {n}', '{n} и {m}', '{n}', 'Не зови меня, {n}'],
  },
  {
    name: 'arabic',
    weight: 3,
    given: words('أثير بدور تالين جواد ريحان زياد سلوان غيث ليان نجود'),
    head: words('ال'),
    tail: words('نجمي بحراوي سحابي قمراني واديني ندوي غروبي'),
    gap: ' ',
    familyFirst: false,
    adjectives: words('البعيد الأزرق الأخير الهادئ'),
    nouns: words('القمر البحر الليل المطر الطريق الحنين'),
    titles: ['{n} {a}', '{n} و{m}', '{n}', 'يا {n}'],
  },
  {
    name: 'hebrew',
    weight: 2,
    given: words('אביגל בועז גלעד דקלה זהר טליה ליאם נועם'),
    head: words('בר בן'),
    tail: words('־ירח ־גלים ־סער ־רוח ־כוכב'),
    gap: ' ',
    familyFirst: false,
    adjectives: words('רחוק כחול שקט אחרון'),
    nouns: words('לילה ים גשם דרך אור'),
    titles: ['{n} {a}', '{n} ו{m}', '{n}'],
  },
  {
    name: 'thai',
    weight: 2,
    given: words('กานดา จันทร์ฉาย ดารา ทะเล ปลายฝน เมฆา สายลม'),
    head: words('ฟ้า ดาว ธาร แสง'),
    tail: words('กระจ่าง ราตรี พิรุณ ทอง'),
    gap: ' ',
    familyFirst: false,
    adjectives: words('ไกล สีคราม สุดท้าย'),
    nouns: words('คืนฝน ทะเล ดวงดาว ความลับ สายลม'),
    titles: ['{n}{a}', '{n}กับ{m}', '{n}'],
  },
  {
    name: 'greek',
    weight: 2,
    given: words('Αγλαΐα Διώνη Ζήνων Θάλεια Κλειώ Λύσανδρος Φοίβη'),
    head: words('Αστερ Θαλασσ Καλαμ Νυχτ Φεγγαρ'),
    tail: words('άκης ίδης ινός όπουλος'),
    gap: ' ',
    familyFirst: false,
    adjectives: words('Μπλε Τελευταία Μακρινή'),
    nouns: words('Θάλασσα Νύχτα Βροχή Πόλη Σιωπή'),
    titles: ['{a} {n}', '{n} και {m}', '{n}'],
  },
  {
    name: 'devanagari',
    weight: 2,
    given: words('अनाहिता ईशान तारिका नभस मेघना विहान'),
    head: words('चन्द्र तारा नील मेघ'),
    tail: words('वाल पुरी कर गढ़'),
    gap: ' ',
    familyFirst: false,
    adjectives: words('नीला आख़िरी दूर'),
    nouns: words('रात बारिश चाँद रास्ता सपना'),
    titles: ['{a} {n}', '{n} और {m}', '{n}'],
  },
  {
    name: 'han',
    weight: 2,
    given: words('听澜 知夏 望舒 拾光 慕云 星野'),
    head: words('澹 霁 岚 溟 黎'),
    tail: words('台 川 桥'),
    gap: '',
    familyFirst: true,
    adjectives: words('蓝色 遥远的 最后的'),
    nouns: words('海岸线 雨夜 灯塔 列车 月光'),
    titles: ['{a}{n}', '{n}与{m}', '{n}'],
  },
];
