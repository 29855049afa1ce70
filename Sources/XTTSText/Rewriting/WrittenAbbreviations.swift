import SpeechCore

/// Short forms and what they stand for. A form that starts with `#` needs a number after it, one with `^` a capital.
enum WrittenAbbreviations {
  struct Entry: Sendable {
    var short: Scalars
    var long: String
    var needsNumber: Bool
    var needsCapital: Bool
  }

  /// The entry that stands at `position`, the longest first, and its end.
  static func entry(_ text: Scalars, at position: Int, language: Language) -> (entry: Entry, end: Int)? {
    guard let candidates = table[language]?[text[position]] else { return nil }
    for entry in candidates where text.matches(entry.short, at: position) {
      let end = position + entry.short.count
      if entry.short.last?.isWord == true, text.at(end)?.isWord == true { continue }
      if entry.short[0].isWord, text.at(position - 1)?.joinsDigits == true { continue }
      if entry.needsNumber, text.at(text.end(from: end) { $0 == " " })?.isASCIIDigit != true { continue }
      if entry.needsCapital, text.at(text.end(from: end) { $0 == " " })?.properties.isUppercase != true { continue }
      return (entry, end)
    }
    return nil
  }

  private static let table: [Language: [Unicode.Scalar: [Entry]]] = source.mapValues { lines in
    let entries = lines.split(separator: "|").compactMap { line -> Entry? in
      let parts = line.split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else { return nil }
      let needsNumber = parts[0].hasPrefix("#")
      let needsCapital = parts[0].hasPrefix("^")
      let short = Scalars(needsNumber || needsCapital ? parts[0].dropFirst() : parts[0])
      return Entry(short: short, long: String(parts[1]), needsNumber: needsNumber, needsCapital: needsCapital)
    }
    // A sentence may start with the short form; one that is an ordinary word with a capital has no second entry.
    let capitals = entries.compactMap { entry -> Entry? in
      guard entry.short.count > 2, entry.short[0].properties.isLowercase, entry.short.last == "." else { return nil }
      var capital = entry
      capital.short.replaceSubrange(0..<1, with: entry.short[0].properties.uppercaseMapping.unicodeScalars)
      return capital
    }
    return Dictionary(grouping: (entries + capitals).sorted { $0.short.count > $1.short.count }) { $0.short[0] }
  }

  private static let source: [Language: String] = [
    .english: "#No.=number|#Nos.=numbers|#Fig.=figure|#fig.=figure|#pp.=pages|#p.=page|#vol.=volume"
      + "|#ch.=chapter|Prof.=professor|vs.=versus|etc.=et cetera|approx.=approximately|Jan.=January|Feb.=February"
      + "|Aug.=August|Sept.=September|Oct.=October|Nov.=November|Dec.=December"
      + "|#no.=number|#nos.=numbers|#sec.=section|#Ch.=chapter|#Vol.=volume|#ext.=extension|Dept.=department"
      + "|Ave.=avenue|Blvd.=boulevard|Inc.=incorporated|Corp.=corporation|Mt.=mount|est.=established"
      + "|min.=minimum|max.=maximum|incl.=including|excl.=excluding|dept.=department|govt.=government"
      + "|Mon.=Monday|Tue.=Tuesday|Wed.=Wednesday|Thu.=Thursday|Fri.=Friday|Sat.=Saturday|Sun.=Sunday"
      + "|Mar.=March|Apr.=April|Jun.=June|Jul.=July|¢= cents|tsp=teaspoons|tbsp=tablespoons|Sr.=senior"
      + "|apt.=apartment|#Apt.=apartment|w/o=without|c/o=care of|Tel.=telephone|ref.=reference",
    .japanese: "#No.=ナンバー|#No=ナンバー", .chinese: "#No.=第|#No=第", .korean: "#No.=넘버",
    .spanish: "#nº=número|#n.º=número|#núm.=número|#pp.=páginas|#págs.=páginas|#pág.=página|#p.=página"
      + "|EE. UU.=Estados Unidos|EE.UU.=Estados Unidos|Ud.=usted|Uds.=ustedes|a. C.=antes de Cristo"
      + "|d. C.=después de Cristo|p. ej.=por ejemplo|etc.=etcétera|Dña.=doña|Prof.=profesor|tel.=teléfono"
      + "|#cap.=capítulo|#caps.=capítulos|#fig.=figura|#vol.=volumen|#art.=artículo|#arts.=artículos"
      + "|avda.=avenida|Av.=avenida|c/=calle|^D.=don|Dª=doña|D.ª=doña|aprox.=aproximadamente|máx.=máximo"
      + "|mín.=mínimo|pza.=plaza|Srta.=señorita|Sres.=señores|Vd.=usted|Lic.=licenciado|Ing.=ingeniero"
      + "|Profa.=profesora|Cía.=compañía|S.A.=sociedad anónima|núm.=número|izq.=izquierda|dcha.=derecha"
      + "|depto.=departamento|Dpto.=departamento",
    .french:
      "#n°=numéro|#nº=numéro|#N°=numéro|#pp.=pages|#p.=page|M. et Mme=monsieur et madame|^M.=monsieur|^MM.=messieurs|Mme=madame"
      + "|Mmes=mesdames|Mlle=mademoiselle|Dr=docteur|Pr=professeur|p. ex.=par exemple|c.-à-d.=c'est-à-dire"
      + "|av. J.-C.=avant Jésus Christ|apr. J.-C.=après Jésus Christ|etc.=et cætera|env.=environ"
      + "|#chap.=chapitre|#fig.=figure|#vol.=volume|#art.=article|#éd.=édition|#t.=tome|av.=avenue"
      + "|bd=boulevard|bd.=boulevard|Bd=boulevard|tél.=téléphone|max.=maximum|min.=minimum|Mgr=monseigneur"
      + "|Me=maître|St-=saint |Ste-=sainte |cf.=confer|p. ex=par exemple|incl.=inclus"
      + "|hab.=habitants|dép.=département|réf.=référence|7j/7=sept jours sur sept",
    .german:
      "#Nr.=Nummer|Mo.-Fr.=Montag bis Freitag|Mo.–Fr.=Montag bis Freitag|Mo-Fr=Montag bis Freitag|Mo–Fr=Montag bis Freitag"
      + "|#S.=Seite|§§=Paragrafen|§=Paragraf|z. B.=zum Beispiel|z.B.=zum Beispiel|d. h.=das heißt"
      + "|d.h.=das heißt|u. a.=unter anderem|u.a.=unter anderem|usw.=und so weiter|bzw.=beziehungsweise|ca.=circa"
      + "|v. Chr.=vor Christus|n. Chr.=nach Christus|Prof.=Professor|evtl.=eventuell|ggf.=gegebenenfalls"
      + "|inkl.=inklusive|zzgl.=zuzüglich|ct=Cent|Tel.=Telefon"
      + "|Abb.=Abbildung|#Kap.=Kapitel|#Bd.=Band|#Abs.=Absatz|#Art.=Artikel|#Tab.=Tabelle|Hr.=Herr|Hrn.=Herrn"
      + "|Fr.=Frau|Str.=Straße|str.=straße|-Str.=-Straße|max.=maximal|mind.=mindestens|min.=minimal"
      + "|Std.=Stunden|Min.=Minuten|Sek.=Sekunden|Pers.=Personen|exkl.=exklusive|etc.=et cetera"
      + "|vgl.=vergleiche|s. o.=siehe oben|s. u.=siehe unten|o. Ä.=oder Ähnliches|i. d. R.=in der Regel"
      + "|d. J.=dieses Jahres|gem.=gemäß|bzgl.=bezüglich|zzt.=zurzeit|Mo.=Montag|Di.=Dienstag|Mi.=Mittwoch"
      + "|Do.=Donnerstag|Sa.=Samstag|So.=Sonntag|Dipl.-Ing.=Diplom Ingenieur|Ing.=Ingenieur|St.=Sankt"
      + "|Mio.=Millionen|Mrd.=Milliarden|Jan.=Januar|Feb.=Februar|Apr.=April|Aug.=August|Sept.=September"
      + "|Okt.=Oktober|Nov.=November|Dez.=Dezember|lt.=laut|Jh.=Jahrhundert|geb.=geboren|gest.=gestorben"
      + "|Stk.=Stück|z.Zt.=zurzeit|Tsd.=Tausend|EL=Esslöffel|TL=Teelöffel|MwSt.=Mehrwertsteuer|Fa.=Firma"
      + "|Pl.=Platz|Hbf=Hauptbahnhof|u. U.=unter Umständen|z. T.=zum Teil|z.T.=zum Teil|u. Ä.=und Ähnliches"
      + "|i. V.=in Vertretung",
    .italian: "#n°=numero|#n.=numero|#nº=numero|#pp.=pagine|#pag.=pagina|#p.=pagina|dott.ssa=dottoressa"
      + "|dott.=dottor|sig.ra=signora|sig.=signor|Sig.=signor|Dott.=dottor|prof.=professor|a.C.=avanti Cristo"
      + "|d.C.=dopo Cristo|ecc.=eccetera|es.=esempio"
      + "|#cap.=capitolo|#fig.=figura|#vol.=volume|#art.=articolo|#int.=interno|^sec.=secolo|ing.=ingegner"
      + "|avv.=avvocato|tel.=telefono|p.zza=piazza|v.le=viale|max.=massimo|min.=minimo|ca.=circa"
      + "|p. es.=per esempio|ad es.=ad esempio|dott.sse=dottoresse|prof.ssa=professoressa|on.=onorevole"
      + "|geom.=geometra|rag.=ragioniere|sigg.=signori|S.p.A.=società per azioni|spett.=spettabile"
      + "|gent.=gentile|nr.=numero|pagg.=pagine|cfr.=confronta",
    .portuguese: "#nº=número|#n.º=número|#pp.=páginas|#págs.=páginas|#pág.=página|#p.=página|séc.=século"
      + "|a.C.=antes de Cristo|d.C.=depois de Cristo|etc.=etcétera|p. ex.=por exemplo|tel.=telefone"
      + "|#cap.=capítulo|#fig.=figura|#vol.=volume|#art.=artigo|#apto.=apartamento|Av.=avenida|Prof.=professor"
      + "|Profa.=professora|Prof.ª=professora|^D.=dom|aprox.=aproximadamente|máx.=máximo|mín.=mínimo"
      + "|Exmo.=excelentíssimo|Ltda.=limitada|Cia.=companhia|Eng.=engenheiro|Dr.ª=doutora"
      + "|obs.=observação|ex.=exemplo|V. Exa.=vossa excelência|S.A.=sociedade anónima|#sécs.=séculos"
      + "",
    .polish: "#nr=numer|#Nr=numer|np.=na przykład|itd.=i tak dalej|itp.=i tym podobne|m.in.=między innymi"
      + "|tzn.=to znaczy|tj.=to jest|p.n.e.=przed naszą erą|n.e.=naszej ery|prof.=profesor|r.=roku|w.=wiek|ul.=ulica|tys.=tysięcy"
      + "|#s.=strona|ok.=około"
      + "|#str.=strona|#rozdz.=rozdział|#rys.=rysunek|#t.=tom|#os.=osiedle|#pkt=punkt|#art.=artykuł"
      + "|#ust.=ustęp|#tab.=tabela|al.=aleja|pl.=plac|tel.=telefon|dr=doktor|mgr=magister|inż.=inżynier"
      + "|#godz.=godzinach|godz.=godzin|min.=minut|sek.=sekund|mies.=miesięcy|zob.=zobacz|por.=porównaj|ds.=do spraw"
      + "|św.=święty|woj.=województwo|pow.=powiat|max.=maksymalnie|maks.=maksymalnie|ww.=wyżej wymieniony"
      + "|wg=według|gr=groszy|szt.=sztuk|hab.=habilitowany|m. in.=między innymi"
      + "|p. n. e.=przed naszą erą|n. e.=naszej ery|b.r.=bieżącego roku|br.=bieżącego roku|ub.=ubiegłego",
    .turkish: "vb.=ve benzeri|vs.=vesaire|M.Ö.=milattan önce|M.S.=milattan sonra|Prof.=profesör|#No.=numara"
      + "|örn.=örneğin|#s.=sayfa"
      + "|bkz.=bakınız|#No:=numara|no.=numara|Cad.=caddesi|Sok.=sokak|Mah.=mahallesi|Av.=avukat|Ör.=örneğin"
      + "|yak.=yaklaşık|tel.=telefon|Doç.=doçent|Yrd.=yardımcı|T.C.=Türkiye Cumhuriyeti|A.Ş.=anonim şirketi"
      + "|Ltd.=limitet|Şti.=şirketi|Blv.=bulvarı|apt.=apartmanı|max.=en fazla|min.=en az|yy.=yüzyıl"
      + "|Alm.=Almanca|İng.=İngilizce|s.=sayfa|krş.=karşılaştırınız|kr.=kuruş",
    .russian: "т.е.=то есть|т. е.=то есть|и т.д.=и так далее|и т. д.=и так далее|и т.п.=и тому подобное|т.к.=так как"
      + "|до н. э.=до нашей эры|до н.э.=до нашей эры|н. э.=нашей эры|ул.=улица|#д.=дом|#стр.=страница|тыс.=тысяч"
      + "|млн=миллионов|млрд=миллиардов|напр.=например|им.=имени|др.=другие"
      + "|#рис.=рисунок|#гл.=глава|#с.=страница|#табл.=таблица|#кв.=квартира|#корп.=корпус|#п.=пункт"
      + "|#ст.=статья|#оф.=офис|#эт.=этаж|#т.=том|см.=смотри|пр.=проспект|пер.=переулок|пл.=площадь"
      + "|просп.=проспект|наб.=набережная|проф.=профессор|акад.=академик|тел.=телефон|гг.=годов|вв.=веков"
      + "|коп.=копеек|мин.=минут|сек.=секунд|ч.=часов|шт.=штук|чел.=человек|ок.=около|т.н.=так называемый"
      + "|т. н.=так называемый|т. к.=так как|и др.=и другие|руб.=рублей|ред.=редактор|обл.=область|р-н=район"
      + "|св.=святой|г-на=господина|мес.=месяцев|макс.=максимум|мин=минут|пос.=посёлок|стр.=строение"
      + "|гр.=гражданин|млн=миллионов|д. э. н.=доктор экономических наук",
    .dutch: "#nr.=nummer|#Nr.=nummer|#pp.=pagina|#blz.=bladzijde|#p.=pagina|bijv.=bijvoorbeeld|bv.=bijvoorbeeld"
      + "|d.w.z.=dat wil zeggen|enz.=enzovoort|v.Chr.=voor Christus|n.Chr.=na Christus|o.a.=onder andere"
      + "|ca.=circa|m.b.t.=met betrekking tot"
      + "|#hfdst.=hoofdstuk|#fig.=figuur|#afb.=afbeelding|#art.=artikel|#vol.=volume|#Nr.=nummer|mw.=mevrouw"
      + "|mevr.=mevrouw|drs.=doctorandus|prof.=professor|ir.=ingenieur|ing.=ingenieur|tel.=telefoon"
      + "|max.=maximaal|min.=minimaal|excl.=exclusief|incl.=inclusief|i.p.v.=in plaats van"
      + "|t.o.v.=ten opzichte van|t/m=tot en met|e.d.=en dergelijke|evt.=eventueel|i.v.m.=in verband met"
      + "|z.o.z.=zie ommezijde|m.a.w.=met andere woorden|o.l.v.=onder leiding van|a.u.b.=alstublieft"
      + "|resp.=respectievelijk|mln=miljoen|mld=miljard|st.=stuks|zgn.=zogenaamde|vgl.=vergelijk"
      + "|jl.=jongstleden|d.m.v.=door middel van|i.h.b.=in het bijzonder|m.u.v.=met uitzondering van"
      + "|n.a.v.=naar aanleiding van|ong.=ongeveer|gem.=gemiddeld|ma.=maandag|jr.=junior",
    .czech: "#č.=číslo|např.=například|atd.=a tak dále|apod.=a podobně|tj.=to jest|tzn.=to znamená"
      + "|př. n. l.=před naším letopočtem|n. l.=našeho letopočtu|tis.=tisíc|mil.=milionů|#str.=strana|prof.=profesor"
      + "|ul.=ulice"
      + "|#kap.=kapitola|#obr.=obrázek|#čl.=článek|#tab.=tabulka|#odst.=odstavec|#s.=strana|Ing.=inženýr"
      + "|Mgr.=magistr|Bc.=bakalář|JUDr.=doktor|MUDr.=doktor|PhDr.=doktor|RNDr.=doktor|nám.=náměstí|tř.=třída"
      + "|tel.=telefon|hod.=hodin|min.=minut|sek.=sekund|cca=circa|mj.=mimo jiné|aj.=a jiné|tzv.=takzvaný"
      + "|resp.=respektive|max.=maximálně|např=například|popř.=popřípadě|sv.=svatý|stol.=století|mld.=miliard"
      + "|ks=kusů|č.p.=číslo popisné|vč.=včetně|pí=paní|doc.=docent|r.=roku|spol.=společnost"
      + "|s.r.o.=společnost s ručením omezeným|a.s.=akciová společnost|odd.=oddělení|zejm.=zejména",
    .hungarian: "pl.=például|stb.=és a többi|kb.=körülbelül|ún.=úgynevezett|i. e.=időszámításunk előtt"
      + "|i. sz.=időszámításunk szerint|ill.=illetve|prof.=professzor"
      + "|ld.=lásd|#o.=oldal|u.=utca|ifj.=ifjabb|id.=idősebb|özv.=özvegy|Tel.=telefon|dr.=doktor|max.=maximum"
      + "|min.=minimum|vö.=vesd össze|Bp.=Budapest|krt.=körút|sz.=szám|évf.=évfolyam|mp.=másodperc"
      + "|kr. e.=Krisztus előtt|Kr. u.=Krisztus után|ford.=fordította|szerk.=szerkesztette"
      + "|bp.=Budapest|em.=emelet|hsz.=helyrajzi szám|fszt.=földszint|old.=oldal|jan.=január|febr.=február"
      + "|márc.=március|ápr.=április|jún.=június|júl.=július|aug.=augusztus|szept.=szeptember|okt.=október"
      + "|nov.=november|dec.=december",
    .arabic: "د.=دكتور|ق.م=قبل الميلاد|أ.=أستاذ"
      + "|#ص=صفحة|أ.د.=الأستاذ الدكتور|م.=مهندس|#هـ=هجري|ص.ب=صندوق بريد|ت.=تلفون|إلخ.=إلى آخره|الخ=إلى آخره"
      + "|إلخ=إلى آخره",
    .hindi: "डॉ.=डॉक्टर|ई.पू.=ईसा पूर्व|श्री.=श्री|प्रो.=प्रोफ़ेसर|रु.=रुपये"
      + "|पृ.=पृष्ठ|नं.=नंबर|पं.=पंडित|#सं.=संख्या|कि.ग्रा.=किलोग्राम|इत्यादि.=इत्यादि|मि.=मिनट"
      + "|से.मी.=सेंटीमीटर|मो.=मोबाइल|एड.=एडवोकेट|कु.=कुमारी|स्व.=स्वर्गीय|उ.प्र.=उत्तर प्रदेश"
      + "|म.प्र.=मध्य प्रदेश|ई.=ईस्वी",
  ]
}
