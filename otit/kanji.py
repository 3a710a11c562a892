"""Written forms of one character that stand side by side in names, each pair as (other form, usual form): 髙 and 高.
For matching only, never for what is shown or stored as a name.

`_OLD_FORMS` are the forms of the Kangxi dictionary that the table of common-use kanji (常用漢字表, 2010) gives beside
its own, apart from those that Unicode holds for compatible with them (NFKC unites these). `_IN_NAMES` are what else
the registers meet: old forms beyond that table, and forms that family names and old seals kept.
"""

_OLD_FORMS = (
    "亞亜 惡悪 壓圧 圍囲 醫医 爲為 壹壱 隱隠 榮栄 營営 衞衛 驛駅 圓円 鹽塩 緣縁 艷艶 應応 歐欧 毆殴 櫻桜 "
    "奧奥 橫横 溫温 穩穏 假仮 價価 畫画 會会 繪絵 壞壊 懷懐 槪概 擴拡 殼殻 覺覚 學学 嶽岳 樂楽 渴渇 罐缶 "
    "卷巻 陷陥 勸勧 寬寛 關関 歡歓 觀観 氣気 歸帰 龜亀 僞偽 戲戯 犧犠 舊旧 據拠 擧挙 虛虚 峽峡 挾挟 狹狭 "
    "鄕郷 曉暁 區区 驅駆 勳勲 薰薫 徑径 莖茎 惠恵 揭掲 溪渓 經経 螢蛍 輕軽 繼継 鷄鶏 藝芸 擊撃 缺欠 硏研 "
    "縣県 儉倹 劍剣 險険 圈圏 檢検 獻献 權権 顯顕 驗験 嚴厳 廣広 效効 恆恒 黃黄 鑛鉱 號号 國国 黑黒 碎砕 "
    "濟済 齋斎 劑剤 雜雑 參参 棧桟 蠶蚕 慘惨 贊賛 殘残 絲糸 齒歯 兒児 辭辞 濕湿 實実 寫写 釋釈 壽寿 收収 "
    "從従 澁渋 獸獣 縱縦 肅粛 處処 緖緒 敍叙 將将 稱称 涉渉 燒焼 證証 奬奨 條条 狀状 乘乗 淨浄 剩剰 疊畳 "
    "繩縄 壤壌 孃嬢 讓譲 釀醸 觸触 囑嘱 眞真 寢寝 愼慎 盡尽 圖図 粹粋 醉酔 穗穂 隨随 髓髄 樞枢 數数 瀨瀬 "
    "聲声 齊斉 靜静 竊窃 攝摂 專専 淺浅 戰戦 踐践 錢銭 潛潜 纖繊 禪禅 雙双 壯壮 爭争 莊荘 搜捜 插挿 巢巣 "
    "曾曽 瘦痩 裝装 總総 騷騒 增増 藏蔵 臟臓 卽即 屬属 續続 墮堕 對対 體体 帶帯 滯滞 臺台 瀧滝 擇択 澤沢 "
    "擔担 單単 膽胆 團団 斷断 彈弾 遲遅 癡痴 蟲虫 晝昼 鑄鋳 廳庁 徵徴 聽聴 敕勅 鎭鎮 遞逓 鐵鉄 點点 轉転 "
    "傳伝 黨党 盜盗 稻稲 燈灯 當当 鬭闘 德徳 獨独 讀読 屆届 貳弐 惱悩 腦脳 霸覇 廢廃 拜拝 賣売 麥麦 發発 "
    "髮髪 拔抜 晚晩 蠻蛮 祕秘 濱浜 甁瓶 拂払 佛仏 倂併 竝並 變変 邊辺 辨弁 瓣弁 辯弁 步歩 寶宝 豐豊 襃褒 "
    "飜翻 每毎 萬万 滿満 麵麺 默黙 餠餅 彌弥 譯訳 藥薬 與与 豫予 餘余 譽誉 搖揺 樣様 謠謡 來来 賴頼 亂乱 "
    "覽覧 龍竜 兩両 獵猟 綠緑 壘塁 淚涙 勵励 戾戻 禮礼 靈霊 齡齢 曆暦 歷歴 戀恋 鍊錬 爐炉 勞労 郞郎 樓楼 "
    "錄録 灣湾"
)
_IN_NAMES = (
    "髙高 﨑崎 嵜崎 濵浜 邉辺 嶋島 嶌島 冨富 槇槙 遙遥 淸清 靑青 敎教 寳宝 𠮷吉 槗橋 桒桑 舘館 栁柳 桺柳 "
    "邨村 聯連 鷗鴎 峯峰 圀国 沒没 舖舗 隸隷 鬪闘 亙亘 堯尭 巖巌 晉晋 檜桧 穰穣 聰聡 萠萌 祿禄 彥彦 曻昇 "
    "渕淵 圡土 㐂喜 兔兎 埜野 杦杉 舩船 萊莱 鴈雁 藪薮 籔薮 廐厩 廏厩 禰祢 濤涛 冲沖 凉涼 煕熙 熈熙 瑤瑶 "
    "穐秋 龝秋 逹達 劔剣 劒剣 釼剣 鐡鉄 銕鉄 靏鶴 靍鶴 頴穎 駈駆 麴麹 篭籠 壻婿 嶢尭 ヶケ ヵカ"
)

VARIANTS = {ord(pair[0]): pair[1] for pair in f"{_OLD_FORMS} {_IN_NAMES}".split()}
