/// Hepburn spellings of kana and the punctuation that goes with them, as cutlet writes them.
enum KanaTable {
  /// One or two kana, or one mark, to Latin letters.
  static let spellings: [Scalars: String] = Dictionary(
    uniqueKeysWithValues: entries.split(whereSeparator: \.isWhitespace).compactMap { entry in
      let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return parts.count == 2 ? (Scalars(parts[0]), String(parts[1])) : nil
    })

  static let smallKana: Set<Unicode.Scalar> = ["ゃ", "ゅ", "ょ", "ぁ", "ぃ", "ぅ", "ぇ", "ぉ"]

  private static let entries = """
    あ=a い=i う=u え=e お=o か=ka き=ki く=ku け=ke こ=ko が=ga ぎ=gi ぐ=gu げ=ge ご=go
    さ=sa し=shi す=su せ=se そ=so ざ=za じ=ji ず=zu ぜ=ze ぞ=zo た=ta ち=chi つ=tsu て=te と=to
    だ=da ぢ=ji づ=zu で=de ど=do な=na に=ni ぬ=nu ね=ne の=no は=ha ひ=hi ふ=fu へ=he ほ=ho
    ば=ba び=bi ぶ=bu べ=be ぼ=bo ぱ=pa ぴ=pi ぷ=pu ぺ=pe ぽ=po ま=ma み=mi む=mu め=me も=mo
    や=ya ゆ=yu よ=yo ら=ra り=ri る=ru れ=re ろ=ro わ=wa を=wo ん=n ゑ=we ゐ=wi ゔ=vu
    ヸ=vi ヷ=va わ\u{3099}=va ヹ=ve ゑ\u{3099}=ve ヺ=vo を\u{3099}=vo
    ゃ=ya ゅ=yu ょ=yo ぁ=a ぃ=i ぅ=u ぇ=e ぉ=o ゕ=ka ゖ=ke ヶ=ga ゎ=wa
    ㇰ=k ㇱ=shi ㇲ=su ㇳ=to ㇴ=nu ㇵ=ha ㇶ=hi ㇷ=fu ㇸ=he ㇹ=ho ㇺ=mu ㇻ=ra ㇼ=ri ㇽ=ru ㇾ=re ㇿ=ro ㇷ\u{309A}=p
    𛅐=wi 𛅑=we 𛅒=wo 𛅤=wi 𛅥=we 𛅦=wo 𛅧=n
    しゃ=sha しゅ=shu しょ=sho じゃ=ja じゅ=ju じょ=jo ちゃ=cha ちゅ=chu ちょ=cho
    ー=- 。=. 、=, ？=? ！=! 「=" 」=" 『=" 』=" ：=: （=( ）=) 《=( 》=) 【=[ 】=] ・=/ ，=,
    \u{309A}= \u{3099}=
    """
}
