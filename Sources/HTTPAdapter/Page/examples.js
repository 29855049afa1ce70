// A sentence per language, to start with.

export const examples = {
  en: "The ferry leaves at half past nine, so we still have time for coffee.",
  es: "El tren llega a las nueve y media, así que aún tenemos tiempo para un café.",
  fr: "Le bateau part à neuf heures et demie, nous avons donc le temps de prendre un café.",
  de: "Die Fähre fährt um halb zehn, wir haben also noch Zeit für einen Kaffee.",
  it: "Il traghetto parte alle nove e mezza, quindi abbiamo ancora tempo per un caffè.",
  pt: "O barco sai às nove e meia, por isso ainda temos tempo para um café.",
  pl: "Prom odpływa o wpół do dziesiątej, więc mamy jeszcze czas na kawę.",
  tr: "Vapur dokuz buçukta kalkıyor, yani kahve için hâlâ vaktimiz var.",
  ru: "Паром отходит в половине десятого, так что у нас ещё есть время на кофе.",
  nl: "De veerboot vertrekt om half tien, dus we hebben nog tijd voor koffie.",
  cs: "Trajekt odjíždí v půl desáté, takže máme ještě čas na kávu.",
  ar: "تغادر العبّارة في التاسعة والنصف، لذلك ما زال لدينا وقت لفنجان قهوة.",
  "zh-cn": "渡轮九点半出发，所以我们还有时间喝杯咖啡。",
  hu: "A komp fél tízkor indul, tehát még van időnk egy kávéra.",
  ko: "배는 아홉 시 반에 출발하니까 커피 한 잔 마실 시간이 있어요.",
  ja: "船は九時半に出るので、まだコーヒーを飲む時間があります。",
  hi: "नाव साढ़े नौ बजे चलती है, इसलिए हमारे पास कॉफ़ी के लिए अभी समय है।",
};
