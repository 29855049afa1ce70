import Foundation

extension HubManifest {
  /// `models/manifest.json`, built in so that the program works from anywhere. A test holds the two equal.
  public static let published: HubManifest =
    (try? HubManifest(json: Data(publishedJSON.utf8))) ?? HubManifest(repositories: [])

  static let publishedJSON = """
    {
      "version": 1,
      "repositories": [
        {
          "repo_id": "coqui/XTTS-v2",
          "revision": "6c2b0d75eae4b7047358e3b6bd9325f857d43f77",
          "license": "coqui-public-model-license",
          "files": [
            {
              "path": "config.json",
              "size": 4368,
              "sha256": "ef262b1454dd2a77e1461b0b2cd53e19b8a7624cc131b837d36df67356bc75e8",
              "required": true
            },
            {
              "path": "vocab.json",
              "size": 361219,
              "sha256": "928260878a59da8a72a2a5b7687fea29d5106137669d90945430fe17e415304a",
              "required": true
            },
            {
              "path": "model.pth",
              "size": 1867929118,
              "sha256": "c7ea20001c6a0a841c77e252d8409f6a74fb423e79b3206a0771ba5989776187",
              "required": true
            },
            {
              "path": "speakers_xtts.pth",
              "size": 7754818,
              "sha256": "f0f6137c19a4eab0cbbe4c99b5babacf68b1746e50da90807708c10e645b943b",
              "required": true
            },
            {
              "path": "mel_stats.pth",
              "size": 1067,
              "sha256": "1f69422a8a8f344c4fca2f0c6b8d41d2151d6615b7321e48e6bb15ae949b119c",
              "required": false
            },
            {
              "path": "LICENSE.txt",
              "size": 4014,
              "sha256": "190f6d7c19b8984f91b97712b94ce92d2b2e640fc677dacab966e955ece9d043",
              "required": false
            },
            {
              "path": "dvae.pth",
              "size": 210514388,
              "sha256": "b29bc227d410d4991e0a8c09b858f77415013eeb9fba9650258e96095557d97a",
              "required": false,
              "pull": false
            }
          ]
        }
      ]
    }

    """
}
